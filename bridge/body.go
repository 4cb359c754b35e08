package bridge

import (
	"io"
	"maps"
	"slices"
	"strings"
	"unsafe"

	"github.com/forgego/forgego/bridge/internal/nesting"
)

// Body is a request's body: [Text], [Bytes], [JSON], [Form], [FormData] or [Reader]. Each but the last can be sent any
// number of times.
type Body interface {
	encode(w way) (encodedBody, error)
}

// way is how a body goes to the remote.
type way int

const (
	wayHost    way = iota // as text over the bridge
	wayDirect             // as bytes from the page
	wayProduct            // as text over the bridge, to the product itself
)

// encodedBody is a body as it is sent.
type encodedBody struct {
	// data is what is sent, and stream, if set, what is sent instead: bytes that are not there yet.
	data   []byte
	stream io.Reader
	// contentType is the Content-Type that the body brings; a request's own header goes first.
	contentType string
	// formData says that data is the JSON that stands for a multipart/form-data body.
	formData bool
}

// Text is a body of text. Its Content-Type is "text/plain;charset=UTF-8" unless the request says otherwise.
func Text(text string) Body { return textBody(text) }

type textBody string

func (b textBody) encode(way) (encodedBody, error) {
	// The text's own memory, which nobody writes to.
	data := unsafe.Slice(unsafe.StringData(string(b)), len(b))
	return encodedBody{data: data, contentType: "text/plain;charset=UTF-8"}, nil
}

// Bytes is a body of bytes, without a Content-Type of its own. The slice must not change while the call runs.
//
// The host carries text, so through it the bytes must be UTF-8: others give [ErrInvalidRequest], where Atlassian's
// client would replace what it cannot read. Send other bytes by [Direct], or as a file in [FormData].
func Bytes(b []byte) Body { return bytesBody(b) }

type bytesBody []byte

func (b bytesBody) encode(way) (encodedBody, error) { return encodedBody{data: b}, nil }

// JSON is v in JSON, by encoding/json. Its Content-Type is "application/json" unless the request says otherwise. A value
// that has no JSON form, or nests deeper than 500 levels (32 under TinyGo), gives [ErrInvalidRequest] when the request is
// sent.
func JSON(v any) Body { return jsonBody{v} }

type jsonBody struct{ v any }

func (b jsonBody) encode(way) (encodedBody, error) {
	data, err := nesting.Marshal(b.v)
	if err != nil {
		return encodedBody{}, invalidRequest("Body", err.Error())
	}
	return encodedBody{data: data, contentType: "application/json"}, nil
}

// Form is a body of form fields, url.Values for example, in the form of a query string and sorted by name. Its
// Content-Type is "application/x-www-form-urlencoded;charset=UTF-8" unless the request says otherwise.
func Form(values map[string][]string) Body { return formBody(values) }

type formBody map[string][]string

func (b formBody) encode(way) (encodedBody, error) {
	data := []byte{}
	for _, name := range slices.Sorted(maps.Keys(b)) {
		for _, value := range b[name] {
			if len(data) > 0 {
				data = append(data, '&')
			}
			data = appendFormText(append(appendFormText(data, name), '='), value)
		}
	}
	return encodedBody{data: data, contentType: "application/x-www-form-urlencoded;charset=UTF-8"}, nil
}

// appendFormText escapes as a browser does (url.spec.whatwg.org, "application/x-www-form-urlencoded percent-encode set").
func appendFormText(b []byte, text string) []byte {
	const hex = "0123456789ABCDEF"
	for i := range len(text) {
		switch c := text[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("*-._", c) >= 0:
			b = append(b, c)
		case c == ' ':
			b = append(b, '+')
		default:
			b = append(b, '%', hex[c>>4], hex[c&0xF])
		}
	}
	return b
}

// Reader is a body that is read once, when it is sent: by [Direct] only. The host cannot carry a stream: a call through
// the host gives [ErrInvalidRequest]. Read it first and send it as [Bytes].
func Reader(r io.Reader) Body { return readerBody{r} }

type readerBody struct{ r io.Reader }

func (b readerBody) encode(way) (encodedBody, error) { return encodedBody{stream: b.r}, nil }
