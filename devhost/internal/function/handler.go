package function

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/devfile"
	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/devhost/internal/kvs"
	"github.com/forgego/forgego/devhost/internal/productdata"
	"github.com/forgego/forgego/internal/functions"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/supervise"
	"github.com/forgego/forgego/internal/weburl"
)

// Runner runs the app's handlers.
type Runner interface {
	Call(context.Context, functions.Call) (json.RawMessage, error)
}

// invocation is a call of one of the app's handlers.
type invocation struct {
	*Caller
	session *installation.Session
	// function is the key of the function, and label what people know the call by.
	function, label string
	// module is the key of the module that calls, and product is the module's product.
	module  string
	product installation.Product
	// useCredentials reports whether the handler may use the developer's credentials for a product.
	useCredentials bool
}

// resolve calls the resolver of a module, as @forge/resolver 2.0.1 expects it.
func (c *Caller) resolve(ctx context.Context, s *installation.Session, in Input, m manifest.Module) ([]byte, string, error) {
	view, ok := m.View(in.View)
	if !ok {
		view = m.Main()
	}
	if view.Function == "" {
		return nil, "", unavailable("The module %q has no resolver.function in manifest.yml, so invoke(%q) has no handler to call. Add to the module:\n\nresolver:\n  function: KEY", m.Key, in.Function)
	}
	i := invocation{c, s, view.Function, in.Function, m.Key, installation.ProductOf(m.Type), in.UseCredentials}
	call := map[string]any{"functionKey": in.Function}
	if len(in.Payload) > 0 {
		call["payload"] = in.Payload
	}
	return i.run(ctx, map[string]any{"call": call, "context": s.Context(m, in.View)}, true)
}

// run calls the handler with a payload. isUser says that a user has caused the call. from names the handler's file.
func (i invocation) run(ctx context.Context, payload any, isUser bool) (result []byte, from string, err error) {
	f, ok := i.Manifest.Function(i.function)
	switch {
	case !ok:
		return nil, "", unavailable("manifest.yml has no function %q under modules.function, which the module %q names.", i.function, i.module)
	case f.File == "":
		return nil, "", unavailable("The handler %q of the function %q has no file. It would be src/%s.js, for example.", f.Handler, f.Key, functions.ModuleOf(f))
	case i.Runner == nil:
		return nil, "", unavailable("Only forgego dev and forgego mcp run the app's functions. Add to forgego.yml what answers %s.", i.label)
	}
	installContext := fmt.Sprintf("ari:cloud:%s::site/%s", i.product, i.session.CloudID)
	arguments := map[string]any{"installContext": installContext}
	runtime := map[string]any{"appContext": i.appContext(), "contextAri": installContext}
	if isUser {
		arguments["principal"] = map[string]string{"accountId": i.session.Account.ID}
		runtime["aaid"] = i.session.Account.ID
	}
	if license := i.session.Site.License; license != nil {
		license = maps.Clone(license)
		license["isActive"] = license["active"] == true
		arguments["license"] = license
	}
	if i.product == installation.Bitbucket {
		arguments["workspaceId"] = i.session.WorkspaceID
	}
	result, err = i.Runner.Call(ctx, functions.Call{
		Label: i.label, Module: functions.ModuleOf(f), Export: f.Export, Arguments: []any{payload, arguments}, Runtime: runtime, Fetch: i.fetch,
	})
	if err != nil {
		return nil, "", i.failed(ctx, err)
	}
	return bytes.TrimSpace(result), f.File, nil
}

// appContext returns what getAppContext of @forge/api 8.3.0 reads.
func (i invocation) appContext() map[string]any {
	s := i.session
	return map[string]any{
		"appId": uuidOf(s.AppID), "appVersion": "1.0.0", "environmentId": s.EnvironmentUUID, "environmentType": "DEVELOPMENT",
		"invocationId": installation.UUID(rand.Text()), "installationId": uuidOf(s.InstallationID), "moduleKey": i.module, "license": s.Site.License,
		"permissions": i.Permissions(s.Site.Number),
	}
}

// uuidOf returns the last part of an ARI.
func uuidOf(ari string) string { return ari[strings.LastIndexByte(ari, '/')+1:] }

// failed returns the error for the page. The process itself has written what a handler has thrown to the terminal.
func (i invocation) failed(ctx context.Context, err error) error {
	if thrown, ok := errors.AsType[*functions.Error](err); ok {
		return failed(i.label, "failed: "+thrown.Error(), withoutMiddle(thrown.Stack))
	}
	switch {
	case errors.Is(err, functions.ErrNoNode):
		return unavailable("The app's functions run in Node.js, which is not installed, or not in PATH. Install Node.js 20 or newer and start forgego again, or let forgego.yml say what answers %s.", i.label)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		terminal := supervise.NewOutput(i.Stderr).Lines(i.label)
		what := "did not answer within " + i.Timeout.String()
		_, _ = fmt.Fprintf(terminal, "The function %s\n", what)
		return failed(i.label, what, "")
	case ctx.Err() != nil:
		return failed(i.label, "was left because the page no longer waits for its result", "")
	}
	return failed(i.label, "could not be called: "+err.Error(), "")
}

// fetch carries out what a handler asks of the platform.
func (i invocation) fetch(ctx context.Context, r functions.Request) (*functions.Response, error) {
	switch o := r.Options; {
	case o.Type == "egress":
		return i.allow(r.Path)
	case o.Type == "kvs":
		return i.store(r)
	case o.Type == "fpp" && o.ContextARI != "":
		return nil, i.refuse("withContext of @forge/api")
	case o.Type == "fpp" && (o.Remote == "jira" || o.Remote == "confluence" || o.Remote == "bitbucket"):
		return i.request(ctx, r)
	case o.Type == "fpp":
		return nil, i.refuse("requests of @forge/api to Atlassian's gateway (requestGraph, webTrigger, the old storage and others)")
	case o.Type == "frc":
		return nil, i.refuse(fmt.Sprintf("invokeRemote of @forge/api (remote %q)", o.Remote))
	case o.Type == "fcc":
		return nil, i.refuse(fmt.Sprintf("invokeService of @forge/api (service %q)", o.Service))
	case o.Type == "tpp":
		return nil, i.refuse("external authentication (withProvider of @forge/api)")
	default:
		return nil, i.refuse(fmt.Sprintf("%q, which a package of the app asks for", o.Type))
	}
}

// refuse returns the error for what the local host does not have.
func (i invocation) refuse(what string) error {
	return &functions.Error{Name: "NOT_ON_THE_LOCAL_HOST", Message: fmt.Sprintf(
		"The local host runs functions without %s. Give it an answer in forgego.yml, by functions: %s: with a file, a url or a command; a url may be that of a simulator of Forge. Or test it with forge tunnel.", what, devfile.Key(i.label))}
}

func (i invocation) allow(address string) (*functions.Response, error) {
	baseURL := func(key string) string {
		remote, _ := i.Manifest.Remote(key)
		return remote.BaseURL
	}
	if i.AllowsBackend(i.session.Site.Number, address, baseURL) {
		return &functions.Response{Status: http.StatusNoContent}, nil
	}
	return nil, &functions.Error{Name: "REQUEST_EGRESS_ALLOWLIST_ERR", Message: fmt.Sprintf(
		"The app may not fetch from %s. Add its host to manifest.yml under permissions.external.fetch.backend, such as \"- address: https://api.example.com\", or grant it in the panel Permissions.", cmp.Or(weburl.OriginOf(address), address))}
}

// store carries out a request of @forge/kvs.
func (i invocation) store(r functions.Request) (*functions.Response, error) {
	dev, err := devfile.Load(i.Dir)
	if err != nil {
		return nil, err
	}
	var file kvs.File
	if dev.Storage != "" {
		file = kvs.File{Dir: i.Dir, Name: dev.Storage}
	}
	answer, err := i.Values.Call(i.session.Site.Number, file, r.Path, r.Body)
	status := http.StatusOK
	if e, ok := errors.AsType[*kvs.Error](err); ok {
		status, answer, err = e.Status, e, nil
	}
	if errors.Is(err, kvs.ErrEntities) {
		return nil, i.refuse("custom entities (entity of @forge/kvs)")
	}
	if err != nil {
		return nil, err
	}
	out := &functions.Response{Status: status, StatusText: http.StatusText(status), Header: map[string]string{"content-type": "application/json"}}
	if answer != nil {
		out.Body, err = json.Marshal(answer)
	}
	return out, err
}

// request sends a request to a product. The developer's site knows no difference between the user and the app.
func (i invocation) request(ctx context.Context, r functions.Request) (*functions.Response, error) {
	out, err := i.Products.Fetch(ctx, productdata.Request{
		Product: r.Options.Remote, Method: r.Method, Path: r.Path, Header: r.Header, Body: r.Body, UseCredentials: i.useCredentials,
	})
	if known, ok := errors.AsType[*apierror.Error](err); ok {
		return nil, &functions.Error{Name: known.Code, Message: known.Message}
	}
	if err != nil {
		return nil, err
	}
	return &functions.Response{Status: out.Status, StatusText: out.StatusText, Header: out.Header, Body: out.Body}, nil
}

func unavailable(format string, args ...any) error {
	return &apierror.Error{Code: "FUNCTIONS_UNAVAILABLE", Message: fmt.Sprintf(format, args...)}
}
