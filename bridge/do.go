package bridge

import (
	"context"

	"github.com/forgego/forgego/internal/growstack"
)

// Target says where [Do] sends a request: the key of a remote, or a function that sends it, such as [InvokeRemote],
// [InvokeService], [RequestJira] and a function of yours that calls one of them.
type Target interface {
	string | func(ctx context.Context, request Request) (*Response, error)
}

// Do sends a request and returns the JSON of the answer as a T:
//
//	note, err := bridge.Do[Note](ctx, "notes-api", bridge.Request{Method: "PUT", Path: "/notes/7", Body: bridge.JSON(in)})
//	issue, err := bridge.Do[Issue](ctx, bridge.RequestJira, bridge.Request{Path: "/rest/api/3/issue/DEMO-1"})
//	note, err := bridge.Do[Note](ctx, bridge.InvokeRemote, bridge.Request{Path: "/notes/7"})
//
// For the key of a remote it calls [RequestRemote], so the client in ctx decides whether the host or, with [WithDirect],
// the page sends the request. [Get], [Post], [Put], [Patch] and [Delete] are short forms.
//
// T is any type that encoding/json decodes into. An answer with the status 204 or 205, which has no body, is the zero
// T. If T is struct{}, Do ignores the body, whatever it is. For an answer that is not JSON, call RequestRemote and read
// the [Response].
//
// A status outside 200–299 is a [*StatusError], with what the backend said. A body that is not the JSON of a T, or is
// empty, is [ErrInvalidResponse]; the limits are those of [Response.JSON]. Other errors are those of the function that
// sends the request.
func Do[T any, To Target](ctx context.Context, to To, request Request) (T, error) {
	growstack.ForValue()
	var answer T
	resp, err := send(ctx, to, request)
	if err != nil {
		return answer, err
	}
	if err := resp.decode(&answer); err != nil {
		var none T
		return none, err
	}
	return answer, nil
}

// Get is [Do] for a GET request.
func Get[T any, To Target](ctx context.Context, to To, path string) (T, error) {
	return Do[T](ctx, to, Request{Path: path})
}

// Post is [Do] for a POST request. If body is nil, the request has none.
func Post[T any, To Target](ctx context.Context, to To, path string, body Body) (T, error) {
	return Do[T](ctx, to, Request{Method: "POST", Path: path, Body: body})
}

// Put is [Do] for a PUT request. If body is nil, the request has none.
func Put[T any, To Target](ctx context.Context, to To, path string, body Body) (T, error) {
	return Do[T](ctx, to, Request{Method: "PUT", Path: path, Body: body})
}

// Patch is [Do] for a PATCH request. If body is nil, the request has none.
func Patch[T any, To Target](ctx context.Context, to To, path string, body Body) (T, error) {
	return Do[T](ctx, to, Request{Method: "PATCH", Path: path, Body: body})
}

// Delete sends a DELETE request, as [Do] does, and ignores the body of the answer. It needs no code for JSON.
func Delete[To Target](ctx context.Context, to To, path string) error {
	return sendOnly(ctx, to, Request{Method: "DELETE", Path: path})
}

// sendOnly sends a request to a [Target] and ignores the body of the answer.
func sendOnly(ctx context.Context, to any, request Request) error {
	resp, err := send(ctx, to, request)
	if err != nil {
		return err
	}
	_ = resp.Body.Close()
	return nil
}

// send sends a request to a [Target]. The status of the response is from 200 to 299.
func send(ctx context.Context, to any, request Request) (*Response, error) {
	var resp *Response
	var err error
	switch to := to.(type) {
	case string:
		resp, err = RequestRemote(ctx, to, request)
	case func(context.Context, Request) (*Response, error):
		resp, err = to(ctx, request)
	}
	if err != nil {
		return nil, err
	}
	if err := resp.Err(); err != nil {
		return nil, err
	}
	return resp, nil
}

// decode reads the body into v, by the rules of [Do].
func (r *Response) decode(v any) error {
	if _, ignored := v.(*struct{}); ignored || r.Status == 204 || r.Status == 205 {
		_ = r.Body.Close()
		return nil
	}
	data, finish, err := r.transient()
	if err != nil {
		return err
	}
	defer finish()
	if len(data) == 0 {
		return r.invalid("the body is empty, not JSON: if it need not be read, use struct{} as the type")
	}
	return r.unmarshal(data, v)
}
