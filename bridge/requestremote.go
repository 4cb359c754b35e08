package bridge

import (
	"context"
	"unicode/utf8"

	"github.com/forgego/forgego/internal/fetchspec"
	"github.com/forgego/forgego/internal/growstack"
)

// RequestRemote sends a request to the app's remote with the key remoteKey, by the page's own bridge. It returns the
// remote's answer, whatever its status. The product page sends the request, with a Forge Invocation Token and without
// OAuth tokens. The remote must allow it by CORS. The platform documents no timeout: use ctx to set one.
//
// The errors are [ErrInvalidRequest], [ErrNoBridge], [ErrRejected], [ErrNetwork], [ErrInvalidResponse], and the reason
// why ctx ended. With [WithDirect] there are also [ErrBlocked], [ErrForgotten], and the errors of the token source.
//
// It is requestRemote of @forge/bridge:
// https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/requestRemote/
func RequestRemote(ctx context.Context, remoteKey string, request Request) (*Response, error) {
	growFor(request.Body)
	c := FromContext(ctx)
	if c.direct != nil {
		return c.direct.requestRemote(ctx, remoteKey, request)
	}
	const op = "requestRemote"
	call, err := fetchRemoteCall(remoteKey, &request)
	if err == nil {
		err = canAnswer(ctx)
	}
	if err != nil {
		return nil, &Error{Op: op, Remote: remoteKey, Err: err}
	}
	answer, err := c.call(ctx, op, remoteKey, call)
	if err != nil {
		return nil, err
	}
	response, err := fetchResponse(answer)
	if err != nil {
		return nil, &Error{Op: op, Remote: remoteKey, Err: err}
	}
	response.op, response.remote = op, remoteKey
	return response, nil
}

// growFor makes room on the stack for a call with this body.
func growFor(b Body) {
	if _, isValue := b.(jsonBody); isValue {
		growstack.ForValue()
	} else {
		growstack.ForCall()
	}
}

// remoteFields returns the request's header fields, in the memory of room if it is large enough. It returns an error if
// no request to a remote can have this form.
func remoteFields(remoteKey string, r *Request, room []field) ([]field, error) {
	if remoteKey == "" {
		return nil, invalidRequest("remoteKey", "is empty; it is the key of an entry under remotes in manifest.yml")
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	if fetchspec.IsForbiddenMethod(r.Method) {
		return nil, invalidRequest("Method", "browsers do not send "+r.Method+" requests")
	}
	return r.Header.fields(room)
}

// fetchRemoteCall returns the command that @forge/bridge makes of the same request. It and fetchResponse are not
// inlined: TinyGo transforms functions that wait, with all code inlined into them, and the result is larger.
//
//go:noinline
func fetchRemoteCall(remoteKey string, r *Request) (Call, error) {
	var room [4]field
	fields, err := remoteFields(remoteKey, r, room[:])
	if err != nil {
		return Call{}, err
	}
	body, err := encodeText(r.Body, wayHost)
	if err != nil {
		return Call{}, err
	}
	b := make([]byte, 0, 192+len(remoteKey)+len(r.Path))
	b = append(b, `{"remoteKey":`...)
	b = appendJSONString(b, remoteKey)
	b = append(b, `,"fetchRequestInit":{"path":`...)
	b = appendJSONString(b, r.Path)
	b = appendInit(append(b, ','), r, fields, body)
	return Call{Command: "fetchRemote", Payload: b, Fetch: true, Body: body.data, apart: true, encoded: body.encoded()}, nil
}

// encodeText returns the body as text, which the host can carry.
func encodeText(b Body, w way) (body encodedBody, err error) {
	if b == nil {
		return body, nil
	}
	if body, err = b.encode(w); err != nil {
		return encodedBody{}, err
	}
	switch {
	case body.stream != nil:
		return encodedBody{}, invalidRequest("Body", "a stream cannot pass through the host: read it and send it as bridge.Bytes or as a file in bridge.FormData, or use bridge.WithDirect")
	case !utf8.Valid(body.data):
		return encodedBody{}, invalidRequest("Body", "the bytes are not UTF-8, and the host carries text only: send them as a file in bridge.FormData, or use bridge.WithDirect")
	case body.data == nil:
		body.data = []byte{}
	}
	return body, nil
}

// appendInit appends the rest of fetchRequestInit, which all requests have, and the end of the payload.
func appendInit(b []byte, r *Request, fields []field, body encodedBody) []byte {
	if r.Method != "" {
		b = append(b, `"method":`...)
		b = append(appendJSONString(b, r.Method), ',')
	}
	if body.contentType != "" && !hasField(fields, "content-type") {
		fields = append(fields, field{name: "content-type", value: body.contentType})
		sortFields(fields)
	}
	b = appendFields(append(b, `"headers":`...), fields)
	b = append(b, `,"body":`...)
	if r.method() == "GET" {
		b = append(b, "null"...)
	} else {
		b = append(b, `""`...)
	}
	b = append(b, `},"isMultipartFormData":`...)
	if body.formData {
		return append(b, "true}"...)
	}
	return append(b, "false}"...)
}
