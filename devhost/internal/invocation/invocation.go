// Package invocation performs invokeRemote and invokeService, as Forge's servers do.
package invocation

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/backend"
	"github.com/forgego/forgego/devhost/internal/diagnosis"
	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/devhost/internal/token"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/platform"
	"github.com/forgego/forgego/internal/printable"
	"github.com/forgego/forgego/internal/weburl"
)

// Caller performs invocations for the modules of an app.
type Caller struct {
	Manifest *manifest.Manifest
	Remotes  *backend.Remotes
	Services *backend.Services
	Keys     *token.Keys
	Proxy    *platform.Proxy
	// Failures knows why requests on their way to a remote or a service failed.
	Failures *diagnosis.Seen
	// Report gets the failed requests that nobody has seen on their way. kind is "remote" or "service".
	Report func(kind, key, request, text string)
	Log    *slog.Logger
	// SystemToken and UserToken begin the tokens that replace the platform's OAuth tokens. The numbers of the site and of the
	// account follow. The tokens give access to nothing.
	SystemToken, UserToken string
}

// LocalToken returns a random token. Its prefix shows that it is not a real one, also in the page's list of traffic.
func LocalToken() string { return "forgego-local-" + rand.Text() }

// Input is a call of invokeRemote, or of invokeService if Type is "ui-container-fetch".
type Input struct {
	ModuleKey string              `json:"moduleKey"`
	View      string              `json:"view"`
	Type      string              `json:"invokeType"`
	Input     platform.Invocation `json:"input"`
}

// serviceFetch is the invokeType of invokeService.
const serviceFetch = "ui-container-fetch"

// Output is the bridge's answer, or the error that its promise rejects with.
type Output struct {
	Success bool            `json:"success"`
	Payload any             `json:"payload,omitempty"`
	Error   *apierror.Error `json:"error,omitempty"`
	// To is the key of the remote or service that the module's endpoint names, for the page's list.
	To string `json:"to,omitempty"`
}

// Call performs an invocation in a session. It returns an error if there is no such module. All other errors are part of the
// output.
func (c *Caller) Call(ctx context.Context, s *installation.Session, in Input) (*Output, error) {
	module, err := s.Module(in.ModuleKey)
	if err != nil {
		return nil, err
	}
	started := time.Now()
	endpoint, _ := c.Manifest.Endpoint(module.Endpoint)
	var answer any
	if in.Type == serviceFetch {
		answer, err = c.callService(ctx, module, endpoint, in.Input)
	} else {
		answer, err = c.callRemote(ctx, s, module, endpoint, in)
	}
	out := &Output{Success: err == nil, Payload: answer, To: cmp.Or(endpoint.Remote, endpoint.Service)}
	c.Log.Debug("invocation", "type", in.Type, "module", module.Key, "to", out.To, "method", in.Input.Method,
		"took", time.Since(started), "error", err)
	if err != nil {
		out.Payload, out.Error = nil, apierror.Of(err)
		if out.Error == nil {
			out.Error = &apierror.Error{Message: "An unexpected error happened", Code: "INTERNAL", Detail: err.Error()}
		}
	}
	return out, nil
}

// callRemote performs invokeRemote. If the module has no endpoint, e is the zero Endpoint.
func (c *Caller) callRemote(ctx context.Context, s *installation.Session, m manifest.Module, e manifest.Endpoint, in Input) (any, error) {
	if e.Remote == "" {
		return nil, noEndpoint(m, e, "invokeRemote", "remote")
	}
	base, err := c.Remotes.BaseURL(s.Site.Number, e.Remote)
	if err != nil {
		return nil, err
	}
	fit, err := c.Keys.Sign(token.NewClaims(s, m, in.View, time.Now(), platform.TokenLifetime, s.Account.ID))
	if err != nil {
		return nil, err
	}
	credentials := platform.Credentials{FIT: fit}
	if e.SystemToken {
		credentials.SystemToken = fmt.Sprintf("%s-%d", c.SystemToken, s.Site.Number)
	}
	if e.UserToken && hasUserScope(c.Manifest.Scopes) {
		credentials.UserToken = fmt.Sprintf("%s-%d-%d", c.UserToken, s.Site.Number, s.Account.Number)
	}
	started := time.Now()
	answer, err := c.Proxy.Invoke(ctx, base, in.Input, credentials)
	c.explain(err, target{"remote", e.Remote, base, c.Remotes.Where(s.Site.Number, e.Remote)}, in.Input, started)
	return answer, err
}

// target is a remote or a service. where says where the request went, if that is not obvious.
type target struct{ kind, key, base, where string }

// explain adds to a network error what is wrong and what to do.
func (c *Caller) explain(err error, b target, in platform.Invocation, started time.Time) {
	failed := (*platform.Error)(nil)
	if !errors.As(err, &failed) || failed.Code != platform.NetworkError {
		return
	}
	seen := c.Failures.Last(b.key, started)
	if seen != "" {
		failed.Detail = seen
	} else if u, err := weburl.ParseBase(b.base); err == nil && failed.Err != nil {
		failed.Detail = diagnosis.Unreachable(b.kind, u, failed.Err)
	}
	if b.where != "" {
		failed.Detail += " " + b.where
	}
	if seen == "" {
		c.Report(b.kind, b.key, printable.Text(in.Method)+" "+printable.Target(in.Path), failed.Detail)
	}
}

// callService performs invokeService.
//
// Source: https://developer.atlassian.com/platform/forge/containers-reference/int-invokeservice/
func (c *Caller) callService(ctx context.Context, m manifest.Module, e manifest.Endpoint, in platform.Invocation) (any, error) {
	if e.Service == "" {
		return nil, noEndpoint(m, e, "invokeService", "service")
	}
	base, err := c.Services.BaseURL(e.Service)
	if err != nil {
		return nil, err
	}
	started := time.Now()
	answer, err := c.Proxy.InvokeService(ctx, base, in)
	c.explain(err, target{"service", e.Service, base, ""}, in, started)
	return answer, err
}

// noEndpoint returns the error for a module whose endpoint is missing or leads to the other kind of backend.
func noEndpoint(m manifest.Module, e manifest.Endpoint, call, kind string) error {
	what := "has no resolver.endpoint in manifest.yml, so " + call + " does not know its " + kind + "."
	switch {
	case e.Remote != "":
		what = "has an endpoint that leads to the remote " + e.Remote + ": call it with invokeRemote, or change the endpoint to a service."
	case e.Service != "":
		what = "has an endpoint that leads to the container service " + e.Service + ": call it with invokeService, or change the endpoint to a remote."
	}
	return &apierror.Error{Code: "NO_ENDPOINT", Message: "The module " + m.Key + " " + what}
}

// hasUserScope reports whether the app requests a scope that a user grants. Without one there is no user token.
//
// Source: https://developer.atlassian.com/platform/forge/forge-remote-invocation-contract/
func hasUserScope(scopes []string) bool {
	for _, scope := range scopes {
		switch scope {
		case "read:app-system-token", "read:app-user-token", "storage:app":
		default:
			return true
		}
	}
	return false
}
