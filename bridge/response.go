package bridge

import (
	"encoding/base64"
	"errors"
	"io"
	"strings"

	"github.com/forgego/forgego/bridge/internal/bounded"
	"github.com/forgego/forgego/internal/growstack"
	"github.com/forgego/forgego/internal/nesting"
	"github.com/forgego/forgego/internal/utf8text"
)

// Response is the answer of a remote, in the shape of a response of fetch.
type Response struct {
	// Status is the HTTP status, such as 200.
	Status int
	// StatusText is the text beside the status. It is often empty.
	StatusText string
	// Header holds the header fields that the page may read. Through the host, repeated fields are one value, joined by
	// ", "; InvokeRemote keeps the values apart.
	Header Header
	// URL is the address that answered, or empty if it is not known. Through the host it is always empty.
	URL string
	// Redirected reports whether the browser followed a redirect to get the answer. Through the host it is always false,
	// because the host does not say.
	Redirected bool
	// Body is the answer's body. It is never nil. Read it once and close it; Text, Bytes and JSON do both, and so does Err
	// unless the response is OK.
	Body io.ReadCloser

	op, remote string
	// product means that a product answered, and not a remote.
	product bool
	// failure returns a channel that is closed when another request to the remote fails. It is nil if [WithDirect] has not
	// sent the request. It is a function, so that a program without WithDirect does not link its code.
	failure func() <-chan struct{}
	// hide removes the request's token from a text. It is nil if the page does not know the token. It is a function, so
	// that fmt does not print the token with the response.
	hide func(text string) string
}

// ErrBodyRead means that the body was read or closed before.
var ErrBodyRead = errors.New("the response's body was already read or closed; keep what Text, Bytes or JSON returned")

// OK reports whether Status is from 200 to 299.
func (r *Response) OK() bool { return r.Status >= 200 && r.Status <= 299 }

// maxBody is how many bytes Bytes, Text and JSON read from a stream at most.
var maxBody = 256 << 20

// Bytes reads the rest of the body and closes it. If the body comes by [WithDirect] and has more than 256 MiB, it returns
// [ErrInvalidResponse]: read Body instead.
func (r *Response) Bytes() ([]byte, error) {
	if b, ok := r.Body.(*body); ok {
		data, err := b.rest()
		return data, r.failed(err)
	}
	data, err := bounded.ReadAll(r.Body, maxBody)
	if e := r.Body.Close(); err == nil {
		err = e
	}
	if err == bounded.ErrTooLarge {
		err = r.invalid("the body has more than 256 MiB: read Response.Body instead")
	}
	return data, r.failed(err)
}

// failed returns err, which came from the body, as an [Error] of the operation.
func (r *Response) failed(err error) error {
	if _, wrapped := err.(*Error); err == nil || wrapped || r.op == "" {
		return err
	}
	return &Error{Op: r.op, Remote: r.remote, Err: err}
}

// Text reads the rest of the body as text and closes it. It leaves out a byte order mark at the start, as text() of a
// JavaScript Response does (https://fetch.spec.whatwg.org/#dom-body-text). Bytes that are not UTF-8 stay as they are.
func (r *Response) Text() (string, error) {
	data, err := r.Bytes()
	data = utf8text.TrimMark(data)
	// Nobody else holds data, so the string can use its memory.
	return sharedString(data), err
}

// JSON reads the rest of the body, as [Response.Text] does, decodes it into v as encoding/json does, and closes it. If the
// body is not JSON for such a value, or is nested deeper than 500 levels (32 under TinyGo), JSON returns
// [ErrInvalidResponse].
func (r *Response) JSON(v any) error {
	data, finish, err := r.transient()
	if err != nil {
		return err
	}
	defer finish()
	return r.unmarshal(data, v)
}

// transient is Bytes for a caller who calls finish when it does not use the bytes any more. Their memory is used again.
func (r *Response) transient() (data []byte, finish func(), err error) {
	growstack.ForValue()
	if b, ok := r.Body.(*body); ok && b.unread != nil {
		data = b.load(nesting.Room())
		b.used = true
		return data, func() { nesting.Recycle(data) }, nil
	}
	data, err = r.Bytes()
	return data, func() {}, err
}

// unmarshal decodes the body.
func (r *Response) unmarshal(data []byte, v any) error {
	if err := nesting.Unmarshal(utf8text.TrimMark(data), v); err != nil {
		return r.invalid("the body is not the expected JSON: " + nesting.Problem(err))
	}
	return nil
}

// invalid returns an [ErrInvalidResponse].
func (r *Response) invalid(problem string) error {
	return &Error{r.op, r.remote, r.Status, &kindError{ErrInvalidResponse, problem}}
}

// fetchResponse parses the answer to fetchRemote: {body, headers, status, statusText, isAttachment}.
//
//go:noinline
func fetchResponse(answer Answer) (*Response, error) {
	r := &memoryResponse{Response: Response{Header: Header{}}}
	attachment, foreignBody, foreignHeaders := false, false, false
	s := scanner{data: answer.Payload}
	for name := range s.members() {
		switch name {
		case "status":
			r.Status, _ = s.int()
		case "statusText":
			r.StatusText, _ = s.string()
		case "isAttachment":
			attachment = s.truthy()
		case "headers":
			clear(r.Header) // the last of repeated names counts, as in JavaScript
			clean, ok := readHeader(&s, r.Header, r.values[:0])
			foreignHeaders = !ok || !clean && !r.Header.clean()
		case "body":
			// A string body is in answer.Body. Here it is null, or something that fetch cannot return.
			foreignBody = s.truthy()
		}
	}
	hasBody := len(answer.Body) > 0 || answer.unread != nil
	switch {
	case s.bad:
		return nil, invalidResponse("it is not an object")
	case r.Status < 200 || r.Status > 599:
		return nil, invalidResponse("its status is not from 200 to 599")
	case foreignHeaders:
		return nil, invalidResponse("its headers are not an object of names and values, or HTTP forbids one of them")
	case valueProblem(r.StatusText) != "":
		return nil, invalidResponse("HTTP forbids its status text")
	case foreignBody:
		return nil, invalidResponse("its body is not a string")
	case hasBody && (r.Status == 204 || r.Status == 205 || r.Status == 304):
		return nil, invalidResponse("it has a body, which its status forbids")
	}
	data := answer.Body
	switch {
	case attachment:
		if answer.unread != nil {
			data, answer.unread = answer.unread.read(nil), nil
		}
		var err error
		if data, err = decodeAttachment(data); err != nil {
			return nil, err
		}
	case hasBody && r.Header.Get("Content-Type") == "":
		r.Header.Set("Content-Type", "text/plain;charset=UTF-8") // as in a JavaScript Response of a text
	}
	return r.with(data, answer.unread), nil
}

// decodeAttachment returns the bytes of a base64 body, which may be a data URL. The rules are those of atob: white
// space is ignored, and padding may be missing but not be wrong.
func decodeAttachment(b []byte) ([]byte, error) {
	text := sharedString(b)
	if _, encoded, isURL := strings.Cut(text, ";base64,"); isURL {
		text = encoded
	}
	kept := make([]byte, 0, len(text))
	for i := range len(text) {
		if strings.IndexByte(" \t\n\f\r", text[i]) < 0 {
			kept = append(kept, text[i])
		}
	}
	text = sharedString(kept)
	if len(text)%4 == 0 {
		text = strings.TrimSuffix(strings.TrimSuffix(text, "="), "=")
	}
	data, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return nil, invalidResponse("its attachment is not base64")
	}
	return data, nil
}

// invokeResponse parses the answer to invoke: {success, payload, error}. If success is true, payload counts, and
// otherwise error. It is {status, headers, body} if the remote was reached, and has no status if it was not.
func invokeResponse(answer Answer) (*Response, error) {
	s := scanner{data: answer.Payload}
	if s.peek() == 0 || string(answer.Payload) == "null" {
		return nil, invalidResponse("it is empty")
	}
	r := &memoryResponse{}
	success := false
	var payload, failure invoked
	for name := range s.members() {
		switch name {
		case "success":
			success = s.truthy()
		case "payload":
			payload = readInvoked(&s, r.values[:0])
			if answer.Body != nil {
				payload.body = answer.Body // its JSON came apart
			}
		case "error":
			failure = readInvoked(&s, nil)
		}
	}
	if s.bad {
		return nil, invalidResponse("it is not an object")
	}
	if !success {
		payload, answer.unread = failure, nil
	}
	switch {
	case !payload.hasStatus && success:
		return nil, invalidResponse("it has no status")
	case !payload.hasStatus:
		refusal := payload.refusal // a copy, so that the rest can be freed
		return nil, &refusal
	case payload.status < 200 || payload.status > 599:
		return nil, invalidResponse("its status is not from 200 to 599")
	case payload.foreignHeader:
		return nil, invalidResponse("its headers are not an object of names and values")
	}
	if payload.body == nil && answer.unread == nil && payload.failure != "" {
		payload.body = []byte(payload.failure)
	}
	r.Status, r.Header = payload.status, payload.header
	if r.Header == nil {
		r.Header = Header{}
	}
	return r.with(payload.body, answer.unread), nil
}

// invoked is the value of payload or error: a response if it has a status, and otherwise the reason why there is none.
type invoked struct {
	status        int
	hasStatus     bool
	header        Header
	foreignHeader bool
	body          []byte
	// failure is the body of a container service's answer with a status from 400. It is any text.
	failure string
	refusal HostError
}

// readInvoked reads such a value. It appends the header's values to room.
func readInvoked(s *scanner, room []string) (in invoked) {
	if s.peek() != '{' {
		in.refusal.Message, _ = s.string()
		return in
	}
	for name := range s.members() {
		switch name {
		case "status":
			in.status, _ = s.int()
			in.hasStatus = true
		case "headers":
			in.header = Header{}
			switch s.peek() {
			case 'n':
				s.skip()
			case '{':
				_, ok := readFields(s, in.header, room)
				in.foreignHeader = !ok
			default:
				s.skip()
				in.foreignHeader = true
			}
		case "body":
			in.body = s.raw()
		case "error":
			in.failure, _ = s.string()
		case "message":
			in.refusal.Message, _ = s.string()
		case "name":
			in.refusal.Name, _ = s.string()
		case "code":
			in.refusal.Code, _ = s.string()
		}
	}
	return in
}

// body is a body that is completely in memory, or in the page.
type body struct {
	// data is the part that has not been read.
	data []byte
	// unread is the body while it is in the page.
	unread unread
	// used means that the data was returned or the body was closed.
	used bool
}

func newBody(data []byte) *body { return &body{data: data} }

// memoryResponse is a response with its body and memory for the header's values, in one allocation. Most fields have
// one value.
type memoryResponse struct {
	Response
	body   body
	values [8]string
}

// with returns the response with this body.
func (r *memoryResponse) with(data []byte, unread unread) *Response {
	r.body.data, r.body.unread = data, unread
	r.Body = &r.body
	return &r.Response
}

// rest returns the part that has not been read, without a copy.
func (b *body) rest() ([]byte, error) {
	if b.used {
		return nil, ErrBodyRead
	}
	b.used = true
	return b.load(nil), nil
}

// load returns the part that has not been read. If it is in the page, load appends it to room.
func (b *body) load(room []byte) []byte {
	if b.unread != nil {
		b.data, b.unread = b.unread.read(room), nil
	}
	return b.data
}

func (b *body) Read(p []byte) (int, error) {
	switch {
	case b.used:
		return 0, ErrBodyRead
	case len(b.load(nil)) == 0 && len(p) > 0:
		return 0, io.EOF
	}
	n := copy(p, b.data)
	b.data = b.data[n:]
	return n, nil
}

// Len returns how many bytes have not been read. Package bridgehttp uses it.
func (b *body) Len() int { return len(b.load(nil)) }

func (b *body) Close() error {
	if b.unread != nil {
		b.unread.drop()
		b.unread = nil
	}
	b.used = true
	return nil
}
