package devhost

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/token"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/platform"
)

// invokeInput is invokeRemote, or invokeService if Type says so.
type invokeInput struct {
	ModuleKey string              `json:"moduleKey"`
	Type      string              `json:"invokeType"`
	Input     platform.Invocation `json:"input"`
}

// serviceFetch is the invokeType of invokeService.
const serviceFetch = "ui-container-fetch"

// invokeOutput is the bridge's answer to invokeRemote or invokeService, or the error that its promise rejects with.
type invokeOutput struct {
	Success bool            `json:"success"`
	Payload any             `json:"payload,omitempty"`
	Error   *apierror.Error `json:"error,omitempty"`
	// To is the key of the remote or the service that the module's endpoint names, for the page's list.
	To string `json:"to,omitempty"`
}

func (h *Host) serveInvoke(w http.ResponseWriter, r *http.Request) {
	var in invokeInput
	if !readInput(w, r, &in) {
		return
	}
	module, err := h.installation.Module(in.ModuleKey)
	if err != nil {
		writeError(w, err)
		return
	}
	call := h.invokeRemote
	if in.Type == serviceFetch {
		call = h.invokeService
	}
	started := time.Now()
	endpoint, _ := h.manifest.Endpoint(module.Endpoint)
	answer, err := call(r.Context(), module, endpoint, in.Input)
	out := invokeOutput{Success: err == nil, Payload: answer, To: cmp.Or(endpoint.Remote, endpoint.Service)}
	h.log.Debug("invocation", "type", in.Type, "module", module.Key, "to", out.To, "method", in.Input.Method,
		"took", time.Since(started), "error", err)
	if err != nil {
		out.Payload, out.Error = nil, invokeError(err)
	}
	writeJSON(w, out)
}

// invokeRemote performs an invocation as the platform does: module → endpoint → remote. A module without an endpoint has
// an empty one.
func (h *Host) invokeRemote(ctx context.Context, m manifest.Module, e manifest.Endpoint, in platform.Invocation) (any, error) {
	if e.Remote == "" {
		return nil, noEndpoint(m, e, "invokeRemote", "remote")
	}
	base, err := h.remotes.BaseURL(e.Remote)
	if err != nil {
		return nil, err
	}
	fit, err := h.keys.Sign(token.NewClaims(h.installation, m, time.Now(), invokeFITTTL, h.installation.AccountID))
	if err != nil {
		return nil, err
	}
	credentials := platform.Credentials{FIT: fit}
	if e.SystemToken {
		credentials.SystemToken = h.systemToken
	}
	if e.UserToken && hasUserScope(h.manifest.Scopes) {
		credentials.UserToken = h.userToken
	}
	return h.proxy.Invoke(ctx, base, in, credentials)
}

// invokeService is the same for a container service: containers-reference/int-invokeservice.
func (h *Host) invokeService(ctx context.Context, m manifest.Module, e manifest.Endpoint, in platform.Invocation) (any, error) {
	if e.Service == "" {
		return nil, noEndpoint(m, e, "invokeService", "service")
	}
	base, err := h.services.BaseURL(e.Service)
	if err != nil {
		return nil, err
	}
	answer, err := h.proxy.InvokeService(ctx, base, in)
	if failed := (*platform.Error)(nil); errors.As(err, &failed) && failed.Code == platform.NetworkError {
		failed.Detail = "Is the service running at " + base + "? " + failed.Detail
	}
	return answer, err
}

// noEndpoint is an invocation whose module leads nowhere, or to the other kind.
func noEndpoint(m manifest.Module, e manifest.Endpoint, call, kind string) error {
	what := "has no resolver.endpoint in manifest.yml, so " + call + " does not know its " + kind + "."
	switch {
	case e.Remote != "":
		what = "has an endpoint that leads to the remote " + e.Remote + ": call it by invokeRemote, or lead the endpoint to a service."
	case e.Service != "":
		what = "has an endpoint that leads to the container service " + e.Service + ": call it by invokeService, or lead the endpoint to a remote."
	}
	return &apierror.Error{Code: "NO_ENDPOINT", Message: "The module " + m.Key + " " + what}
}

// hasUserScope says whether the app asks for a scope that a user grants, which the user token needs.
// Source: forge-remote-invocation-contract.
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

func invokeError(err error) *apierror.Error {
	if known := (*apierror.Error)(nil); errors.As(err, &known) {
		return known
	}
	if failed := (*platform.Error)(nil); errors.As(err, &failed) {
		return &apierror.Error{Message: failed.Message, Code: string(failed.Code), Detail: failed.Detail}
	}
	return &apierror.Error{Message: "An unexpected error happened", Code: "INTERNAL", Detail: err.Error()}
}
