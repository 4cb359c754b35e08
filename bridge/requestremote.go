package bridge

import (
	"context"
	"encoding/base64"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// RequestRemote sends a request to the app's remote with the key remoteKey, by the page's own bridge, and gives the
// remote's answer, whatever its status. The product page makes the request, with a Forge Invocation Token and without
// OAuth tokens; the remote must allow it by CORS. The platform documents no timeout: bound the call by ctx.
//
// Errors: [ErrInvalidRequest], [ErrNoBridge], [ErrRejected], [ErrNetwork], [ErrInvalidResponse], and what ends ctx.
//
// It is requestRemote of @forge/bridge: apis-reference/ui-api-bridge/requestRemote.
func RequestRemote(ctx context.Context, remoteKey string, request Request) (*Response, error) {
	return FromContext(ctx).RequestRemote(ctx, remoteKey, request)
}

// RequestRemote is the package's [RequestRemote] by this client.
func (c *Client) RequestRemote(ctx context.Context, remoteKey string, request Request) (*Response, error) {
	if c.direct != nil {
		return c.direct.requestRemote(ctx, remoteKey, request)
	}
	const op = "requestRemote"
	call, err := fetchRemoteCall(remoteKey, &request)
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

// remoteFields gives the request's header fields, in room if they fit, and tells what no way to a remote can send.
func remoteFields(remoteKey string, r *Request, room []field) ([]field, error) {
	if remoteKey == "" {
		return nil, invalidRequest("remoteKey", "is empty; it is the key of an entry under remotes in manifest.yml")
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	switch asciiUpper(r.Method) {
	case "CONNECT", "TRACE", "TRACK":
		return nil, invalidRequest("Method", "a browser sends no "+r.Method+" request")
	}
	return r.Header.fields(room)
}

// fetchRemoteCall makes the command that @forge/bridge makes of the same request. It and fetchResponse are not inlined:
// TinyGo makes every function that waits larger, with all that is in it.
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
	return Call{Command: "fetchRemote", Payload: b, Fetch: true, Body: body.data}, nil
}

// encodeText gives a body as text that the host carries.
func encodeText(b Body, w way) (body encodedBody, err error) {
	if b == nil {
		return body, nil
	}
	if body, err = b.encode(w); err != nil {
		return encodedBody{}, err
	}
	switch {
	case body.stream != nil:
		return encodedBody{}, invalidRequest("Body", "a stream cannot pass through the host: read it and send it as bridge.Bytes or as a file in bridge.FormData, or use bridge.Direct")
	case !utf8.Valid(body.data):
		return encodedBody{}, invalidRequest("Body", "the bytes are not UTF-8 text, and the host carries nothing else: send them as a file in bridge.FormData, or use bridge.Direct")
	case body.data == nil:
		body.data = []byte{}
	}
	return body, nil
}

// appendInit appends what fetchRequestInit has of any request, its end and the payload's.
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

// fetchResponse reads the answer to fetchRemote: {body, headers, status, statusText, isAttachment}.
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
			clear(r.Header) // a name that comes twice counts as it comes last, as in JavaScript
			clean, ok := readHeader(&s, r.Header, r.values[:0])
			foreignHeaders = !ok || !clean && !r.Header.clean()
		case "body":
			// A string body stands in answer.Body. What is left here is null, or nothing that fetch could give.
			foreignBody = s.truthy()
		}
	}
	switch {
	case s.bad:
		return nil, invalidResponse("not an object")
	case r.Status < 200 || r.Status > 599:
		return nil, invalidResponse("no status from 200 to 599")
	case foreignHeaders:
		return nil, invalidResponse("headers that are not an object of names and values, or not what HTTP allows")
	case valueProblem(r.StatusText) != "":
		return nil, invalidResponse("a status text that HTTP does not allow")
	case foreignBody:
		return nil, invalidResponse("a body that is not a string")
	case len(answer.Body) > 0 && (r.Status == 204 || r.Status == 205 || r.Status == 304):
		return nil, invalidResponse("a body where the status allows none")
	}
	data := answer.Body
	switch {
	case attachment:
		var err error
		if data, err = decodeAttachment(data); err != nil {
			return nil, err
		}
	case len(data) > 0 && r.Header.Get("Content-Type") == "":
		r.Header.Set("Content-Type", "text/plain;charset=UTF-8") // as a JavaScript Response of a text
	}
	return r.with(data), nil
}

// decodeAttachment gives the bytes of a base64 body, bare or as a data URL, by the rules of atob: white space does not
// count, and padding may be missing but not be wrong.
func decodeAttachment(b []byte) ([]byte, error) {
	text := unsafe.String(unsafe.SliceData(b), len(b))
	if _, encoded, isURL := strings.Cut(text, ";base64,"); isURL {
		text = encoded
	}
	kept := make([]byte, 0, len(text))
	for i := range len(text) {
		if strings.IndexByte(" \t\n\f\r", text[i]) < 0 {
			kept = append(kept, text[i])
		}
	}
	text = unsafe.String(unsafe.SliceData(kept), len(kept))
	if len(text)%4 == 0 {
		text = strings.TrimSuffix(strings.TrimSuffix(text, "="), "=")
	}
	data, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return nil, invalidResponse("an attachment that is not base64")
	}
	return data, nil
}

// readHeader adds a header to h, whose values it appends to room: an object of names, each with a value or an array of
// values, or an array of pairs. It reports whether it was that, and whether h.clean has nothing to do.
func readHeader(s *scanner, h Header, room []string) (clean, ok bool) {
	switch s.peek() {
	case '[':
		return false, readPairs(s, h)
	case '{':
		return readFields(s, h, room)
	}
	s.skip()
	return false, false
}

func readFields(s *scanner, h Header, room []string) (clean, ok bool) {
	clean, ok = true, true
	for name := range s.members() {
		if common := findCommon(name); common != nil {
			name = common.canonical
		} else {
			ok = ok && isTokenString(name)
			name = canonicalName(name)
		}
		first := len(room)
		if s.peek() == '[' {
			clean = false
			for range s.elements() {
				text, isString := s.string()
				ok = ok && isString
				room = append(room, text)
			}
			if len(room) == first {
				room = append(room, "") // an empty array is an empty value
			}
		} else {
			text, isString := s.string()
			ok = ok && isString
			clean = clean && (s.plain || isPlain(text)) && isTrimmed(text)
			room = append(room, text)
		}
		values := room[first:len(room):len(room)]
		if before := h[name]; before != nil { // the same name in another case
			values = append(before, values...)
		}
		h[name] = values
	}
	_, hasCookie := h["Set-Cookie"]
	return clean && !hasCookie, ok
}

// readPairs adds the pairs of an array, [[name, value], …], to h.
func readPairs(s *scanner, h Header) (ok bool) {
	ok = true
	for range s.elements() {
		if s.peek() != '[' {
			ok = false
			continue
		}
		var texts []string
		for range s.elements() {
			text, isString := s.string()
			ok = ok && isString
			texts = append(texts, text)
		}
		if ok = ok && len(texts) == 2 && isTokenString(texts[0]); ok {
			h.Add(texts[0], texts[1])
		}
	}
	return ok
}

// isTrimmed reports whether a plain value has no space around it.
func isTrimmed(v string) bool { return v == "" || v[0] != ' ' && v[len(v)-1] != ' ' }

// clean makes the fields those that a JavaScript Response would have: values without white space around them, and no
// Set-Cookie, which no page may see. It reports false if HTTP forbids a value.
func (h Header) clean() bool {
	h.Del("Set-Cookie")
	for _, values := range h {
		for i, v := range values {
			if values[i] = trimValue(v); valueProblem(values[i]) != "" {
				return false
			}
		}
	}
	return true
}
