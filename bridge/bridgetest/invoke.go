package bridgetest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest/internal/jsvalue"
	"github.com/forgego/forgego/internal/platform"
)

// invokePayload is the payload of the command invoke.
type invokePayload struct {
	InvokeType  *string                    `json:"invokeType"`
	FunctionKey string                     `json:"functionKey"`
	Payload     json.RawMessage            `json:"payload"`
	Path        *string                    `json:"path"`
	Method      string                     `json:"method"`
	Headers     map[string]json.RawMessage `json:"headers"`
	Body        json.RawMessage            `json:"body"`
	Metadata    json.RawMessage            `json:"metadata"`
}

// invoke carries out invokeRemote or invokeService, which Forge's servers perform, or calls a function of the app's
// resolver.
func (w *Window) invoke(ctx context.Context, e *entry, call bridge.Call) (bridge.Answer, error) {
	h := w.host
	var in invokePayload
	_ = json.Unmarshal(call.Payload, &in) // a member of another type counts as missing
	switch {
	case in.InvokeType == nil:
		return h.invokeFunction(ctx, in)
	case *in.InvokeType == "ui-remote-fetch":
		return w.invokeRemote(e, call.Command, in)
	case *in.InvokeType == "ui-container-fetch":
		return h.invokeService(e, call.Command, in)
	}
	return bridge.Answer{}, &bridge.HostError{Name: "Error", Code: "UNSUPPORTED_INVOKE",
		Message: fmt.Sprintf("The host in memory has no invocations of the type %q. It performs invoke, invokeRemote and invokeService.", *in.InvokeType)}
}

func (w *Window) invokeRemote(e *entry, command string, in invokePayload) (bridge.Answer, error) {
	h := w.host
	request, err := in.invocation("invokeRemote")
	if err != nil {
		return bridge.Answer{}, err
	}
	target, err := h.endpoint()
	if err != nil {
		return bridge.Answer{}, err
	}
	h.setTarget(e, target.key, in.Method, request.Path)
	token := w.sign(platform.Timeout, true)
	answer, err := h.proxy(command, target).Invoke(h.ctx, target.base, request, platform.Credentials{FIT: token.value})
	if err != nil {
		return bridge.Answer{}, err
	}
	return answerJSON(map[string]any{"success": true, "payload": answer})
}

func (h *Host) invokeService(e *entry, command string, in invokePayload) (bridge.Answer, error) {
	request, err := in.invocation("invokeService")
	if err != nil {
		return bridge.Answer{}, err
	}
	h.mu.Lock()
	target := h.service
	h.mu.Unlock()
	if target == nil {
		return bridge.Answer{}, &bridge.HostError{Name: "Error", Code: "SERVICE_UNAVAILABLE",
			Message: "The host in memory has no container service; add it by Host.Service."}
	}
	h.setTarget(e, target.key, in.Method, request.Path)
	answer, err := h.proxy(command, target).InvokeService(h.ctx, target.base, request)
	if err != nil {
		return bridge.Answer{}, err
	}
	return answerJSON(map[string]any{"success": true, "payload": answer})
}

// invocation reads a request. name is the name of the bridge function, for errors.
func (in *invokePayload) invocation(name string) (platform.Invocation, error) {
	if in.Path == nil {
		return platform.Invocation{}, &bridge.HostError{Name: "Error", Code: "INVALID_REQUEST", Message: name + " needs a path."}
	}
	header := make(map[string]string, len(in.Headers))
	for field, raw := range in.Headers {
		var value *string
		if json.Unmarshal(raw, &value) != nil || value == nil {
			return platform.Invocation{}, &bridge.HostError{Name: "Error", Code: "INVALID_REQUEST", Message: fmt.Sprintf("The header %q of %s is not a string.", field, name)}
		}
		header[field] = *value
	}
	return platform.Invocation{Path: *in.Path, Method: in.Method, Header: header, Body: in.Body}, nil
}

// proxy performs the invocations of a remote or a service.
func (h *Host) proxy(command string, target *remoteTarget) *platform.Proxy {
	return &platform.Proxy{
		Transport: &transport{host: h, names: []string{command, target.key}, target: target, invokeLimit: h.settings.invokeTimeout},
		Timeout:   h.settings.invokeTimeout,
	}
}

// invokeFunction calls a function of the resolver.
func (h *Host) invokeFunction(ctx context.Context, in invokePayload) (bridge.Answer, error) {
	limit := h.countInvocation()
	if err := h.applyFailure(ctx, "invoke"); err != nil {
		return bridge.Answer{}, err
	}
	h.mu.Lock()
	f := h.resolver[in.FunctionKey]
	h.mu.Unlock()
	if f == nil {
		return bridge.Answer{}, &bridge.HostError{Name: "Error", Code: "FUNCTIONS_UNAVAILABLE",
			Message: fmt.Sprintf("The host in memory has no Forge function %q to invoke; script it by Host.OnFunction, or a function of the object store by Host.ObjectStore.", in.FunctionKey)}
	}
	bounded, cancel := h.bounded(ctx)
	defer cancel()
	value, err := f(bounded, in.Payload)
	if err != nil {
		return bridge.Answer{}, err
	}
	if asked := membersOf(in.Metadata); asked != nil {
		metadata := map[string]any{}
		if jsvalue.IsTruthy(asked["rateLimitProperties"]) {
			metadata["rateLimitProperties"] = limit
		}
		answer := map[string]any{"metadata": metadata}
		if value != nil {
			answer["body"] = value
		}
		return answerJSON(answer)
	}
	if value == nil {
		return bridge.Answer{}, nil
	}
	return answerJSON(value)
}

// invokeLimit is how many calls of functions a user may make in a minute. As in the local host, they are counted, and no call
// is refused.
const invokeLimit = 1200

// rateLimit is the state of that limit, as the documentation of invoke describes it.
type rateLimit struct {
	Value     int   `json:"rateLimitValue"`
	Remaining int   `json:"rateLimitRemaining"`
	Reset     int64 `json:"rateLimitReset"`
}

// countInvocation counts a call and returns the state of the limit.
func (h *Host) countInvocation() rateLimit {
	now := time.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.invoked = append(slices.DeleteFunc(h.invoked, func(t time.Time) bool { return now.Sub(t) >= time.Minute }), now)
	reset := h.invoked[0].Add(time.Minute + time.Second - time.Nanosecond) // rounded up to seconds
	return rateLimit{invokeLimit, max(0, invokeLimit-len(h.invoked)), reset.Unix()}
}

// endpoint returns the remote of invokeRemote.
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
