package bridge

import (
	"bytes"
	"context"
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

// RequestRemote sends a request to the app's remote with the key remoteKey, by the page's own bridge, and gives the
// remote's answer, whatever its status. The product page makes the request, with a Forge Invocation Token and without
// OAuth tokens; the remote must allow it by CORS. The platform documents no timeout: bound the call by ctx.
//
// Errors: [ErrInvalidRequest], [ErrNoBridge], [ErrRejected], [ErrNetwork], [ErrInvalidResponse], and what ends ctx.
//
// It is requestRemote of @forge/bridge: apis-reference/ui-api-bridge/requestRemote.
func RequestRemote(ctx context.Context, remoteKey string, request Request) (*Response, error) {
	return pageClient.RequestRemote(ctx, remoteKey, request)
}

// RequestRemote is the package's [RequestRemote] by this client.
func (c *Client) RequestRemote(ctx context.Context, remoteKey string, request Request) (*Response, error) {
	if c.direct != nil {
		return c.direct.requestRemote(ctx, remoteKey, &request)
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

// checkRemoteRequest tells what no way to a remote can send.
func checkRemoteRequest(remoteKey string, r *Request) error {
	if remoteKey == "" {
		return invalidRequest("remoteKey", "is empty; it is the key of an entry under remotes in manifest.yml")
	}
	if err := r.check(); err != nil {
		return err
	}
	switch asciiUpper(r.Method) {
	case "CONNECT", "TRACE", "TRACK":
		return invalidRequest("Method", "a browser sends no "+r.Method+" request")
	}
	return nil
}

// fetchRemoteCall makes the command that @forge/bridge makes of the same request.
func fetchRemoteCall(remoteKey string, r *Request) (Call, error) {
	if err := checkRemoteRequest(remoteKey, r); err != nil {
		return Call{}, err
	}
	var body encodedBody
	if r.Body != nil {
		var err error
		if body, err = r.Body.encode(wayHost); err != nil {
			return Call{}, err
		}
		switch {
		case body.stream != nil:
			return Call{}, invalidRequest("Body", "a stream cannot pass through the host: read it and send it as bridge.Bytes or as a file in bridge.FormData, or use bridge.Direct")
		case !utf8.Valid(body.data):
			return Call{}, invalidRequest("Body", "the bytes are not UTF-8 text, and the host carries nothing else: send them as a file in bridge.FormData, or use bridge.Direct")
		case body.data == nil:
			body.data = []byte{}
		}
	}

	b := make([]byte, 0, 192+len(remoteKey)+len(r.Path))
	b = append(b, `{"remoteKey":`...)
	b = appendJSONString(b, remoteKey)
	b = append(b, `,"fetchRequestInit":{"path":`...)
	b = appendJSONString(b, r.Path)
	if r.Method != "" {
		b = append(b, `,"method":`...)
		b = appendJSONString(b, r.Method)
	}
	fields := r.Header.fields()
	if body.contentType != "" && !r.Header.has("Content-Type") {
		fields = append(Header{"Content-Type": {body.contentType}}.fields(), fields...)
		sortFields(fields)
	}
	b = appendFields(append(b, `,"headers":`...), fields)
	b = append(b, `,"body":`...)
	if r.method() == "GET" {
		b = append(b, "null"...)
	} else {
		b = append(b, `""`...)
	}
	b = append(b, `},"isMultipartFormData":`...)
	if body.formData {
		b = append(b, "true}"...)
	} else {
		b = append(b, "false}"...)
	}
	return Call{Command: "fetchRemote", Payload: b, Fetch: true, Body: body.data}, nil
}

// fetchResponse reads the answer to fetchRemote: {body, headers, status, statusText, isAttachment}.
func fetchResponse(answer Answer) (*Response, error) {
	r := &Response{Header: Header{}}
	attachment, foreignBody, foreignHeaders := false, false, false
	isObject := members(answer.Payload, func(name string, value []byte) bool {
		switch name {
		case "status":
			r.Status, _ = jsonInt(value)
		case "statusText":
			r.StatusText, _ = jsonString(value)
		case "isAttachment":
			attachment = isTruthy(value)
		case "headers":
			foreignHeaders = !readFields(value, r.Header) && !readPairs(value, r.Header) || !r.Header.clean()
		case "body":
			// A string body stands in answer.Body. What is left here is null, or nothing that fetch could give.
			foreignBody = isTruthy(value)
		}
		return true
	})
	switch {
	case !isObject:
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
	r.Body = newBody(data)
	return r, nil
}

// decodeAttachment gives the bytes of a base64 body, bare or as a data URL, by the rules of atob: white space does not
// count, and padding may be missing but not be wrong.
func decodeAttachment(b []byte) ([]byte, error) {
	if i := bytes.Index(b, []byte(";base64,")); i >= 0 {
		b = b[i+len(";base64,"):]
	}
	b = bytes.Join(bytes.FieldsFunc(b, func(c rune) bool { return c < 0x80 && strings.IndexByte(" \t\n\f\r", byte(c)) >= 0 }), nil)
	if len(b)%4 == 0 {
		b = bytes.TrimSuffix(bytes.TrimSuffix(b, []byte{'='}), []byte{'='})
	}
	data := make([]byte, base64.RawStdEncoding.DecodedLen(len(b)))
	n, err := base64.RawStdEncoding.Decode(data, b)
	if err != nil {
		return nil, invalidResponse("an attachment that is not base64")
	}
	return data[:n], nil
}

// readFields adds the members of the JSON object raw, each a value or an array of values, to h.
func readFields(raw []byte, h Header) bool {
	ok := true
	isObject := members(raw, func(name string, value []byte) bool {
		if !isTokenString(name) {
			ok = false
			return false
		}
		if text, isString := jsonString(value); isString {
			h.Add(name, text)
			return true
		}
		empty := true
		ok = elements(value, func(element []byte) bool {
			text, isString := jsonString(element)
			ok, empty = isString, false
			h.Add(name, text)
			return ok
		}) && ok
		if ok && empty {
			h.Add(name, "")
		}
		return ok
	})
	return isObject && ok
}

// readPairs adds the pairs of the JSON array raw, [[name, value], …], to h.
func readPairs(raw []byte, h Header) bool {
	ok := true
	return elements(raw, func(pair []byte) bool {
		var texts []string
		ok = elements(pair, func(element []byte) bool {
			text, isString := jsonString(element)
			texts = append(texts, text)
			return isString
		}) && len(texts) == 2 && isTokenString(texts[0])
		if ok {
			h.Add(texts[0], texts[1])
		}
		return ok
	}) && ok
}

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

func isNull(raw []byte) bool { return string(raw) == "null" }

// isTruthy reports whether JavaScript takes the value for true.
func isTruthy(raw []byte) bool {
	switch string(raw) {
	case "null", "false", "0", "-0", `""`:
		return false
	}
	return true
}
