// Package fetchspec has the rules for methods and header fields that pages follow: those of the Fetch Standard
// (https://fetch.spec.whatwg.org/) and of HTTP. Front ends link it, so it does without net/http.
package fetchspec

import (
	"strings"

	"github.com/forgego/forgego/internal/ascii"
)

// IsToken reports whether text is a token of HTTP, as the name of a header field and a method are. See
// https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2
func IsToken(text string) bool {
	for i := 0; i < len(text); i++ {
		if !IsTokenByte(text[i]) {
			return false
		}
	}
	return text != ""
}

// IsTokenByte reports whether c may be in a token.
func IsTokenByte(c byte) bool { return tokenBytes[c] }

var tokenBytes = func() (set [256]bool) {
	for _, c := range []byte("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") {
		set[c] = true
	}
	return set
}()

// NormalizeValue returns the value of a header field without the white space around it. See
// https://fetch.spec.whatwg.org/#concept-header-value-normalize
func NormalizeValue(value string) string {
	if value == "" || value[0] > ' ' && value[len(value)-1] > ' ' {
		return value
	}
	return strings.Trim(value, " \t\r\n")
}

// IsForbiddenRequestHeader reports whether a page cannot set this header field of a request. The name is in any case.
// See https://fetch.spec.whatwg.org/#forbidden-request-header
func IsForbiddenRequestHeader(name, value string) bool {
	name = ascii.Lower(name)
	switch name {
	case "accept-charset", "accept-encoding", "access-control-request-headers", "access-control-request-method",
		"connection", "content-length", "cookie", "cookie2", "date", "dnt", "expect", "host", "keep-alive", "origin",
		"referer", "set-cookie", "te", "trailer", "transfer-encoding", "upgrade", "via":
		return true
	case "x-http-method", "x-http-method-override", "x-method-override":
		for method := range strings.SplitSeq(value, ",") {
			if IsForbiddenMethod(strings.Trim(method, " \t")) {
				return true
			}
		}
	}
	return strings.HasPrefix(name, "proxy-") || strings.HasPrefix(name, "sec-")
}

// IsForbiddenResponseHeader reports whether a page cannot read this header field of a response. The name is in any case.
// See https://fetch.spec.whatwg.org/#forbidden-response-header-name
func IsForbiddenResponseHeader(name string) bool {
	name = ascii.Lower(name)
	return name == "set-cookie" || name == "set-cookie2"
}

// Latin1 returns the bytes that are sent for the value of a header field: one for each character. It reports false if a
// character has no such byte. See https://infra.spec.whatwg.org/#isomorphic-encode
func Latin1(value string) (sent string, ok bool) {
	b := make([]byte, 0, len(value))
	for _, c := range value {
		if c > 0xFF {
			return "", false
		}
		b = append(b, byte(c))
	}
	return string(b), true
}

// FromLatin1 returns the text that a page gets for the bytes of a value: one character for each byte. See
// https://infra.spec.whatwg.org/#isomorphic-decode
func FromLatin1(sent string) string {
	text := make([]rune, len(sent))
	for i := range len(sent) {
		text[i] = rune(sent[i])
	}
	return string(text)
}
