package bridgehttp

import (
	"net/http"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/internal/fetchspec"
)

// requestHeader returns the fields to send. It leaves out fields that a browser or the platform sets itself, and
// returns an error for a field that would be lost and matters.
func (t *Transport) requestHeader(h http.Header) (bridge.Header, error) {
	header := make(bridge.Header, len(h))
	for name, values := range h {
		if len(values) == 0 {
			continue
		}
		switch http.CanonicalHeaderKey(name) {
		case "Host", "Content-Length", "Transfer-Encoding", "Trailer": // net/http does not send these from here either
			continue
		case "Upgrade":
			return nil, invalid("Header Upgrade", "the bridge cannot change protocols")
		case "Cookie":
			if !t.invoke {
				return nil, invalid("Header Cookie", "a browser does not let a page set it; send the value in another field")
			}
		case "User-Agent":
			// The browser sets its own. If a page may set this field at all, the browser first asks the remote by
			// CORS.
			if !t.invoke {
				continue
			}
		case "Accept-Encoding", "Connection", "Expect", "Keep-Alive", "Proxy-Connection", "Te":
			continue // a browser leaves them out; with invokeRemote the connection is the platform's
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

// requestValue returns a field's value as the bridge takes it. In net/http a value is bytes; in a browser it is
// Latin-1 text whose characters are those bytes.
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
		return "", "the value is not ASCII, and the platform does not document other values; encode it, for example with percent-encoding"
	}
	return fetchspec.FromLatin1(v), ""
}

// responseHeader returns the response's fields as net/http has them: the bytes of a value instead of Latin-1 text.
func (t *Transport) responseHeader(h bridge.Header) http.Header {
	header := make(http.Header, len(h))
	for name, values := range h {
		if !t.invoke {
			for i, v := range values {
				if sent, ok := fetchspec.Latin1(v); ok {
					values[i] = sent
				}
			}
		}
		name = http.CanonicalHeaderKey(name)
		header[name] = append(header[name], values...)
	}
	return header
}
