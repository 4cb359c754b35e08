package bridge

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"unsafe"

	"github.com/forgego/forgego/bridge/internal/bounded"
	"github.com/forgego/forgego/bridge/internal/nesting"
	"github.com/forgego/forgego/internal/utf8text"
)

// Response is the answer of a remote, shaped as fetch gives it.
type Response struct {
	// Status is the HTTP status, such as 200.
	Status int
	// StatusText is the text that came with the status; often empty.
	StatusText string
	// Header holds the answer's header fields that the page may see. Through the host a field that came several times is
	// one value joined by ", "; InvokeRemote keeps the values apart.
	Header Header
	// URL is the address that answered, where it is known; through the host it is empty.
	URL string
	// Redirected says that the answer came after a redirect; through the host it is always false.
	Redirected bool
	// Body is the answer's body: never nil, to be read once and closed. Text, Bytes and JSON read and close it.
	Body io.ReadCloser

	op, remote string
	// product says that the product answered itself, and not a remote.
	product bool
	// reopen sends the request again from where a stream of events was cut off, with the last event's id if one was given;
	// nil if that cannot be done.
	reopen func(ctx context.Context, lastEventID string, given bool) (*Response, error)
}

// ErrBodyRead is the error of a body that was read or closed before.
var ErrBodyRead = errors.New("bridge: the response's body was read already; keep what Text, Bytes or JSON gave")

// OK reports whether Status is from 200 to 299.
func (r *Response) OK() bool { return r.Status >= 200 && r.Status <= 299 }

// Err is nil if the response is OK, and otherwise an [*Error] with the status: [ErrUnauthorized] for 401,
// [ErrRateLimited] for 429. It does not read the body, whose text it therefore does not have.
func (r *Response) Err() error {
	if r.OK() {
		return nil
	}
	text := "the remote"
	if r.product {
		text = "the product"
	}
	text += " answered " + strconv.Itoa(r.Status)
	if r.StatusText != "" {
		text += " " + r.StatusText
	}
	var cause error
	switch r.Status {
	case 401:
		cause = &kindError{ErrUnauthorized, text}
	case 429:
		cause = &kindError{ErrRateLimited, text}
	default:
		cause = errors.New(text)
	}
	return &Error{Op: r.op, Remote: r.remote, Status: r.Status, Err: cause}
}

// maxBody is the largest body that Bytes, Text and JSON read from a stream.
var maxBody = 256 << 20

// Bytes reads the rest of the body and closes it. A body that comes by [Direct] and has more than 256 MiB gives
// [ErrInvalidResponse]: read Body instead.
func (r *Response) Bytes() ([]byte, error) {
	if b, ok := r.Body.(*body); ok {
		return b.rest()
	}
	data, err := bounded.ReadAll(r.Body, maxBody)
	if e := r.Body.Close(); err == nil {
		err = e
	}
	if err == bounded.ErrTooLarge {
		err = &Error{r.op, r.remote, r.Status, &kindError{ErrInvalidResponse, "the body has more than 256 MiB: read Response.Body instead"}}
	}
	return data, err
}

// Text reads the rest of the body as text and closes it. As text() of a JavaScript Response does, it leaves out a byte order
// mark at the start (https://fetch.spec.whatwg.org/#dom-body-text). Bytes that are not UTF-8 stay as they are.
func (r *Response) Text() (string, error) {
	data, err := r.Bytes()
	data = utf8text.TrimMark(data)
	// Nobody else holds data, so that it can be the string's own memory.
	return unsafe.String(unsafe.SliceData(data), len(data)), err
}

// JSON reads the rest of the body, as [Response.Text] does, into v by encoding/json, and closes it. A body that is not the
// JSON of such a value, or nests deeper than 500 levels (32 under TinyGo), gives [ErrInvalidResponse].
func (r *Response) JSON(v any) error {
	data, err := r.Bytes()
	if err != nil {
		return err
	}
	if err := nesting.Unmarshal(utf8text.TrimMark(data), v); err != nil {
		return &Error{r.op, r.remote, r.Status, &kindError{ErrInvalidResponse, "the body is not the JSON that was asked for: " + jsonProblem(err)}}
	}
	return nil
}

// jsonProblem describes an error of encoding/json without quoting the body.
func jsonProblem(err error) string {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return "syntax error at byte " + strconv.FormatInt(syntax.Offset, 10)
	}
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return "cannot put a " + kindOf(mismatch.Value) + " into a Go " + mismatch.Type.String() + " (field " + string(appendJSONString(nil, mismatch.Field)) + ")"
	}
	if err == nesting.ErrTooDeep {
		return err.Error()
	}
	return "it does not fit the Go value"
}

// kindOf gives the first word of UnmarshalTypeError.Value, which for numbers is followed by the number itself.
func kindOf(value string) string {
	for i := range value {
		if value[i] == ' ' {
			return value[:i]
		}
	}
	return value
}

// body is a body that is in memory, whole.
type body struct {
	// data is what was not read yet.
	data []byte
	// used is set when the data was handed out or the body closed.
	used bool
}

func newBody(data []byte) *body { return &body{data: data} }

// memoryResponse is a response, its body and room for the values of its header, made in one piece. Most fields have one value.
type memoryResponse struct {
	Response
	body   body
	values [8]string
}

// with gives the response with this body.
func (r *memoryResponse) with(data []byte) *Response {
	r.body.data = data
	r.Body = &r.body
	return &r.Response
}

// rest hands out what was not read yet, without a copy.
func (b *body) rest() ([]byte, error) {
	if b.used {
		return nil, ErrBodyRead
	}
	b.used = true
	return b.data, nil
}

func (b *body) Read(p []byte) (int, error) {
	switch {
	case b.used:
		return 0, ErrBodyRead
	case len(b.data) == 0 && len(p) > 0:
		return 0, io.EOF
	}
	n := copy(p, b.data)
	b.data = b.data[n:]
	return n, nil
}

// Len is how many bytes were not read yet. Package bridgehttp asks for it.
func (b *body) Len() int { return len(b.data) }

func (b *body) Close() error {
	b.used = true
	return nil
}
