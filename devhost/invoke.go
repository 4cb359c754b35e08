package devhost

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/platform"
)

// invokeOutput is the bridge's answer to invokeRemote, or the error that its promise rejects with.
type invokeOutput struct {
	Success bool             `json:"success"`
	Payload *platform.Answer `json:"payload,omitempty"`
	Error   *apiError        `json:"error,omitempty"`
	// Remote is the key of the remote that the module's endpoint names, for the page's list.
	Remote string `json:"remote,omitempty"`
}

func (h *Host) serveInvoke(w http.ResponseWriter, r *http.Request) {
	var in struct {
		ModuleKey string              `json:"moduleKey"`
		Input     platform.Invocation `json:"input"`
	}
	if !readInput(w, r, &in) {
		return
	}
	module, err := h.module(in.ModuleKey)
	if err != nil {
		writeError(w, err)
		return
	}
	endpoint, ok := h.manifest.Endpoint(module.Endpoint)
	if !ok {
		writeJSON(w, invokeOutput{Error: &apiError{
			Code:    "NO_ENDPOINT",
			Message: "The module " + module.Key + " has no resolver.endpoint in manifest.yml, so invokeRemote does not know its remote.",
		}})
		return
	}
	started := time.Now()
	answer, err := h.invoke(r.Context(), module, endpoint, in.Input)
	h.log.Debug("invokeRemote", "module", module.Key, "remote", endpoint.Remote, "method", in.Input.Method,
		"took", time.Since(started), "error", err)
	out := invokeOutput{Success: err == nil, Payload: answer, Remote: endpoint.Remote}
	if err != nil {
		out.Error = invokeError(err)
	}
	writeJSON(w, out)
}

// invoke performs an invocation as the platform does: module → endpoint → remote.
func (h *Host) invoke(ctx context.Context, m manifest.Module, e manifest.Endpoint, in platform.Invocation) (*platform.Answer, error) {
	base, err := h.remotes.baseURL(e.Remote)
	if err != nil {
		return nil, err
	}
	token, err := h.keys.sign(h.claimsOf(m, time.Now(), invokeFITTTL, h.identity.accountID))
	if err != nil {
		return nil, err
	}
	credentials := platform.Credentials{FIT: token}
	if e.SystemToken {
		credentials.SystemToken = h.systemToken
	}
	if e.UserToken && hasUserScope(h.manifest.Scopes) {
		credentials.UserToken = h.userToken
	}
	return h.proxy.Invoke(ctx, base, in, credentials)
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

func invokeError(err error) *apiError {
	if failed := (*platform.Error)(nil); errors.As(err, &failed) {
		return &apiError{Message: failed.Message, Code: string(failed.Code), Detail: failed.Detail}
	}
	return &apiError{Message: "An unexpected error happened", Code: "INTERNAL", Detail: err.Error()}
}
