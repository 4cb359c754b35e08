package bridge

import (
	"context"
	"unicode/utf8"

	"github.com/forgego/forgego/bridge/internal/limit"
	"github.com/forgego/forgego/internal/nesting"
)

// InvokeRemote sends a request to the app's remote through Forge's servers, by the page's own bridge. It returns the
// remote's answer, whatever its status. The manifest says which remote it is and whether it gets OAuth tokens, in the
// module's resolver.endpoint. The body, if any, must be a JSON object, and so must the answer's. The platform waits 25
// seconds and follows no redirect. A request may have at most 500 KB, an answer at most 5 MB.
//
// At most 500 calls in 25 seconds are allowed; if there are more, InvokeRemote returns a [*RateLimitError] at once.
// Other errors are [ErrInvalidRequest], [ErrNoBridge], [ErrRejected], and the reason why ctx ended. An ErrRejected is
// also [ErrUnauthorized], [ErrTimeout], [ErrNetwork] or [ErrInvalidResponse] if the platform's text says so.
//
// It is invokeRemote of @forge/bridge:
// https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/invokeRemote/
func InvokeRemote(ctx context.Context, request Request) (*Response, error) {
	c := FromContext(ctx)
	return c.invokeEndpoint(ctx, endpointCall{"invokeRemote", "InvokeRemote", "ui-remote-fetch", &c.remoteLimit}, request)
}

// InvokeService sends a request to a container service of the app, by the page's own bridge. It returns the service's
// answer, whatever its status. The manifest says which service it is, in the module's resolver.endpoint. The body, if
// any, must be a JSON object. If the status is below 400, the service must answer with JSON, or the call is rejected.
// From 400 on, the answer's body is any text.
//
// At most 500 calls in 25 seconds are allowed; if there are more, InvokeService returns a [*RateLimitError] at once.
// Other errors are those of [InvokeRemote].
//
// It is invokeService of @forge/bridge:
// https://developer.atlassian.com/platform/forge/containers-reference/int-invokeservice/
func InvokeService(ctx context.Context, request Request) (*Response, error) {
	c := FromContext(ctx)
	return c.invokeEndpoint(ctx, endpointCall{"invokeService", "InvokeService", "ui-container-fetch", &c.serviceLimit}, request)
}

// endpointCall holds what differs between invokeRemote and invokeService.
type endpointCall struct {
	op, function, invokeType string
	limit                    *limit.Limiter
}

func (c *Client) invokeEndpoint(ctx context.Context, e endpointCall, request Request) (*Response, error) {
	growFor(request.Body)
	op := e.op
	call, err := invokeCall(&request, e)
	if err == nil {
		err = canAnswer(ctx)
	}
	if err == nil {
		err = take(e.limit)
	}
	if err != nil {
		return nil, &Error{Op: op, Err: err}
	}
	answer, err := c.call(ctx, op, "", call)
	if err != nil {
		return nil, err
	}
	response, err := invokeResponse(answer)
	if err != nil {
		return nil, &Error{Op: op, Err: err}
	}
	response.op = op
	return response, nil
}

// invokeCall returns the command that @forge/bridge makes of the same request.
func invokeCall(r *Request, e endpointCall) (Call, error) {
	if err := r.check(); err != nil {
		return Call{}, err
	}
	if err := r.Header.checkWritten(); err != nil {
		return Call{}, err
	}
	method := r.Method
	switch method {
	case "":
		method = "GET"
	case "GET", "POST", "PUT", "PATCH", "DELETE":
	default:
		return Call{}, invalidRequest("Method", e.function+" takes GET, POST, PUT, PATCH and DELETE, in capitals")
	}
	value, isJSON := r.Body.(interface{ appendJSON([]byte) ([]byte, error) }) // not jsonBody, which would link the codec
	var b []byte
	if isJSON {
		b = nesting.Room()
	} else {
		b = make([]byte, 0, 128+len(r.Path))
	}
	b = append(b, `{"path":`...)
	b = appendJSONString(b, r.Path)
	b = append(b, `,"method":`...)
	b = appendJSONString(b, method)
	if len(r.Header) > 0 {
		b = r.Header.appendWritten(append(b, `,"headers":`...))
	}
	if r.Body != nil {
		b = append(b, `,"body":`...)
		start := len(b)
		var err error
		var isObject bool
		if isJSON { // it is encoded in its place, and need not be checked
			if b, err = value.appendJSON(b); err != nil {
				return Call{}, err
			}
			isObject = b[start] == '{'
		} else {
			var body encodedBody
			if body, err = r.Body.encode(wayHost); err != nil {
				return Call{}, err
			}
			isObject = body.stream == nil && !body.formData && isJSONObject(body.data)
			b = append(b, body.data...)
		}
		if !isObject || !utf8.Valid(b[start:]) {
			return Call{}, invalidRequest("Body", e.function+" sends a JSON object only; use bridge.JSON with a struct or a map, or RequestRemote for other bodies")
		}
	}
	call := Call{Command: "invoke", Payload: append(append(append(b, `,"invokeType":"`...), e.invokeType...), `"}`...), apart: true}
	if isJSON {
		call.encoded = call.Payload
	}
	return call, nil
}
