package bridge

import (
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/nesting"
)

// Body is a request's body: [Text], [Bytes], [JSON], [Form], [FormData] or [Reader]. All but Reader can be sent several
// times.
type Body interface {
	encode(w way) (encodedBody, error)
}

// way is how a body is sent.
type way int

const (
	wayHost    way = iota // as text, over the bridge, to a remote
	wayDirect             // as bytes, from the page, to a remote
	wayProduct            // as text, over the bridge, to the product
)

// encodedBody is a body in the form in which it is sent.
type encodedBody struct {
	// data is the body, unless stream is set: then the body has yet to be read from stream.
	data   []byte
	stream io.Reader
	// contentType is the body's own Content-Type. The request's header takes precedence.
	contentType string
	// formData means that data is the JSON form of a multipart/form-data body.
	formData bool
	// json means that data is JSON that was encoded here. Nobody else holds it.
	json bool
}

// encoded returns data if nobody else holds it.
func (b *encodedBody) encoded() []byte {
	if b.json {
		return b.data
	}
	return nil
}

// Text is a body of text. Its Content-Type is "text/plain;charset=UTF-8" unless the request has another.
func Text(text string) Body { return textBody(text) }

type textBody string

func (b textBody) encode(way) (encodedBody, error) {
	return encodedBody{data: sharedBytes(string(b)), contentType: "text/plain;charset=UTF-8"}, nil
}

// Bytes is a body of bytes, without a Content-Type. The slice must not change during the call.
//
// The host carries text only, so through the host the bytes must be UTF-8. Otherwise the call returns
// [ErrInvalidRequest]; Atlassian's client would replace the invalid bytes. Send other bytes with [WithDirect], or as a file
// in [FormData].
func Bytes(b []byte) Body { return bytesBody(b) }

type bytesBody []byte

func (b bytesBody) encode(way) (encodedBody, error) { return encodedBody{data: b}, nil }

// JSON is v as JSON, encoded as by encoding/json, except that <, > and & are not escaped. Its Content-Type is
// "application/json" unless the request has another. If v has no JSON form, or is nested deeper than
// 500 levels (32 under TinyGo), the call returns [ErrInvalidRequest].
func JSON(v any) Body { return jsonBody{v} }

type jsonBody struct{ v any }

func (b jsonBody) encode(way) (encodedBody, error) {
	data, err := b.appendJSON(nesting.Room())
	if err != nil {
		return encodedBody{}, err
	}
	return encodedBody{data: data, contentType: "application/json", json: true}, nil
}

// appendJSON appends the JSON to data.
func (b jsonBody) appendJSON(data []byte) ([]byte, error) {
	data, err := nesting.Append(data, b.v)
	if err != nil {
		nesting.Recycle(data)
		return nil, invalidRequest("Body", err.Error())
	}
	return data, nil
}

// Form is a body of form fields, such as url.Values, encoded like a query string and sorted by name. Its Content-Type
// is "application/x-www-form-urlencoded;charset=UTF-8" unless the request has another.
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

// appendFormText escapes text as a browser does.
// https://url.spec.whatwg.org/#application-x-www-form-urlencoded-percent-encode-set
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

// Reader is a body that is read when it is sent, so it can be sent only once. It needs [WithDirect]. The host cannot carry
// a stream, so a call through the host returns [ErrInvalidRequest]: read the stream first and send it as [Bytes].
func Reader(r io.Reader) Body { return readerBody{r} }

type readerBody struct{ r io.Reader }

func (b readerBody) encode(way) (encodedBody, error) { return encodedBody{stream: b.r}, nil }
