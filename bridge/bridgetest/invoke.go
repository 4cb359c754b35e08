package bridgetest

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/internal/platform"
)

// invoke is invokeRemote, which Forge's servers perform, or a function of the app's resolver.
func (h *Host) invoke(ctx context.Context, e *entry, call bridge.Call) (bridge.Answer, error) {
	var in struct {
		InvokeType  *string                    `json:"invokeType"`
		FunctionKey string                     `json:"functionKey"`
		Payload     json.RawMessage            `json:"payload"`
		Path        *string                    `json:"path"`
		Method      string                     `json:"method"`
		Headers     map[string]json.RawMessage `json:"headers"`
		Body        json.RawMessage            `json:"body"`
	}
	_ = json.Unmarshal(call.Payload, &in) // what is of another type is missing then
	switch {
	case in.InvokeType == nil:
		return h.invokeFunction(ctx, in.FunctionKey, in.Payload)
	case *in.InvokeType != "ui-remote-fetch":
		return bridge.Answer{}, &bridge.HostError{Name: "Error", Code: "UNSUPPORTED_INVOKE",
			Message: fmt.Sprintf("The host in memory has no invocations of the type %q. It performs invokeRemote and requestRemote.", *in.InvokeType)}
	case in.Path == nil:
		return bridge.Answer{}, &bridge.HostError{Name: "Error", Code: "INVALID_REQUEST", Message: "invokeRemote needs a path."}
	}
	header := make(map[string]string, len(in.Headers))
	for name, raw := range in.Headers {
		var value *string
		if json.Unmarshal(raw, &value) != nil || value == nil {
			return bridge.Answer{}, &bridge.HostError{Name: "Error", Code: "INVALID_REQUEST", Message: fmt.Sprintf("The header %q of invokeRemote is not a string.", name)}
		}
		header[name] = *value
	}
	target, err := h.endpoint()
	if err != nil {
		return bridge.Answer{}, err
	}
	h.lead(e, target.key, in.Method, *in.Path)
	proxy := platform.Proxy{
		Transport: &transport{host: h, names: []string{call.Command, target.key}, target: target, invokeLimit: h.settings.invokeTimeout},
		Timeout:   h.settings.invokeTimeout,
	}
	token := h.sign(platform.Timeout, true)
	answer, err := proxy.Invoke(h.ctx, target.base,
		platform.Invocation{Path: *in.Path, Method: in.Method, Header: header, Body: in.Body}, platform.Credentials{FIT: token.value})
	if err != nil {
		return bridge.Answer{}, err
	}
	return answerJSON(map[string]any{"success": true, "payload": answer})
}

// invokeFunction calls a function of the resolver.
func (h *Host) invokeFunction(ctx context.Context, key string, payload json.RawMessage) (bridge.Answer, error) {
	if err := h.strike(ctx, "invoke"); err != nil {
		return bridge.Answer{}, err
	}
	h.mu.Lock()
	f := h.resolver[key]
	h.mu.Unlock()
	if f == nil {
		return bridge.Answer{}, &bridge.HostError{Name: "Error", Code: "FUNCTIONS_UNAVAILABLE",
			Message: fmt.Sprintf("The host in memory has no Forge function %q to invoke; script it by Host.OnFunction.", key)}
	}
	bounded, cancel := h.bounded(ctx)
	defer cancel()
	value, err := f(bounded, payload)
	if err != nil || value == nil {
		return bridge.Answer{}, err
	}
	return answerJSON(value)
}

// endpoint is the remote of invokeRemote.
func (h *Host) endpoint() (*remoteTarget, error) {
	if h.settings.endpoint != "" {
		return h.target(h.settings.endpoint)
	}
	h.mu.Lock()
	keys := h.keys
	h.mu.Unlock()
	if len(keys) == 1 {
		return h.target(keys[0])
	}
	return nil, &bridge.HostError{Name: "Error", Code: "NO_ENDPOINT",
		Message: fmt.Sprintf("The host in memory does not know the remote of invokeRemote: it has %d. Name it by bridgetest.WithEndpoint.", len(keys))}
}
