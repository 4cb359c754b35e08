package bridgehttp

import (
	"net/http"

	"github.com/forgego/forgego/bridge"
)

// requestHeader gives the fields that are sent. What a browser or the platform sets by itself is left out; what would be
// lost, and matters, is refused.
func (t *Transport) requestHeader(h http.Header) (bridge.Header, error) {
	header := make(bridge.Header, len(h))
	for name, values := range h {
		if len(values) == 0 {
			continue
		}
		switch http.CanonicalHeaderKey(name) {
		case "Host", "Content-Length", "Transfer-Encoding", "Trailer": // net/http sends none of these from here either
			continue
		case "Upgrade":
			return nil, invalid("Header Upgrade", "no way to the remote changes protocols")
		case "Cookie":
			if !t.invoke {
				return nil, invalid("Header Cookie", "a browser lets no page set it; send the value in a field of its own")
			}
		case "User-Agent":
			// The browser has its own. One that lets a page set it first asks the remote by CORS.
			if !t.invoke {
				continue
			}
		case "Accept-Encoding", "Connection", "Expect", "Keep-Alive", "Proxy-Connection", "Te":
			continue // a browser leaves them out by itself; behind invokeRemote the connection is the platform's too
		}
		sent := make([]string, len(values))
		for i, v := range values {
			var problem string
			if sent[i], problem = t.requestValue(v); problem != "" {
				return nil, invalid("Header "+http.CanonicalHeaderKey(name), problem)
			}
		}
		header[name] = sent
	}
	return header, nil
}

// requestValue gives a field's value as the bridge takes it. For net/http a value is bytes, for a browser text in Latin-1
// whose characters are the bytes.
func (t *Transport) requestValue(v string) (value, problem string) {
	ascii := true
	for i := range len(v) {
		switch c := v[i]; {
		case c < ' ' && c != '\t' || c == 0x7F:
			return "", "the value holds a control character"
		case c >= 0x80:
			ascii = false
		}
	}
	switch {
	case ascii:
		return v, ""
	case t.invoke:
		return "", "the value is not ASCII, and what the platform makes of others is not known; encode it, as percent-encoding does for example"
	}
	text := make([]rune, len(v))
	for i := range len(v) {
		text[i] = rune(v[i])
	}
	return string(text), ""
}

// responseHeader gives the answer's fields as net/http has them: the bytes of a value instead of Latin-1.
func (t *Transport) responseHeader(h bridge.Header) http.Header {
	header := make(http.Header, len(h))
	for name, values := range h {
		if !t.invoke {
			for i, v := range values {
				values[i] = latin1(v)
			}
		}
		name = http.CanonicalHeaderKey(name)
		header[name] = append(header[name], values...)
	}
	return header
}

// latin1 gives the bytes of a text in Latin-1, and any other text as it is.
func latin1(text string) string {
	bytes := make([]byte, 0, len(text))
	for _, c := range text {
		if c > 0xFF {
			return text
		}
		bytes = append(bytes, byte(c))
	}
	return string(bytes)
}
