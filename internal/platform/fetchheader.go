package platform

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
)

// SetBrowserHeader adds the fields that a browser adds to a page's request.
func SetBrowserHeader(header http.Header) {
	if header.Get("Accept") == "" {
		header.Set("Accept", "*/*")
	}
	header.Set("Accept-Encoding", "gzip")
}

// PageHeader returns a response's header as a page sees it: names in lower case, values joined by ", " and in
// Latin-1, no cookies.
func PageHeader(header http.Header) map[string]string {
	fields := make(map[string]string, len(header))
	for name, values := range header {
		if name = strings.ToLower(name); name != "set-cookie" && name != "set-cookie2" {
			fields[name] = fromLatin1(strings.Join(values, ", "))
		}
	}
	return fields
}

// SentHeader returns a value as it is sent: one byte per character. It reports false if a character is not Latin-1.
func SentHeader(value string) (string, bool) {
	b := make([]byte, 0, len(value))
	for _, c := range value {
		if c > 0xff {
			return "", false
		}
		b = append(b, byte(c))
	}
	return string(b), true
}

func fromLatin1(value string) string {
	text := make([]rune, len(value))
	for i := range len(value) {
		text[i] = rune(value[i])
	}
	return string(text)
}

// fetchHeader returns the fields that fetch sends of a caller's headers, which are an object of names and values or
// an array of pairs.
func fetchHeader(raw json.RawMessage) (http.Header, error) {
	header := http.Header{}
	add := func(name, value string) error {
		if !isToken(name) {
			return typeError("Invalid name")
		}
		sent, ok := SentHeader(strings.Trim(value, " \t\r\n"))
		if !ok || strings.ContainsAny(sent, "\x00\r\n") {
			return typeError("Invalid value")
		}
		if name = strings.ToLower(name); name == "authorization" || isForbidden(name, sent) {
			return nil
		}
		key := http.CanonicalHeaderKey(name)
		if before, ok := header[key]; ok {
			sent = before[0] + ", " + sent
		}
		header[key] = []string{sent}
		return nil
	}
	if bytes.HasPrefix(raw, []byte("[")) {
		var pairs [][]json.RawMessage
		if err := json.Unmarshal(raw, &pairs); err != nil {
			return nil, typeError("The headers are neither an object nor pairs.")
		}
		for _, pair := range pairs {
			if len(pair) != 2 {
				return nil, typeError("Invalid value")
			}
			if err := add(jsString(pair[0]), jsString(pair[1])); err != nil {
				return nil, err
			}
		}
		return header, nil
	}
	if isNullish(raw) {
		return header, nil
	}
	fields, err := orderedMembers(raw)
	if err != nil {
		return nil, typeError("The headers are neither an object nor pairs.")
	}
	for _, field := range fields {
		if err := add(field.name, jsString(field.value)); err != nil {
			return nil, err
		}
	}
	return header, nil
}

// isForbidden reports whether this header, in lower case, is a "forbidden request-header", which a page cannot set.
// See https://fetch.spec.whatwg.org/#forbidden-request-header
func isForbidden(name, value string) bool {
	switch name {
	case "accept-charset", "accept-encoding", "access-control-request-headers", "access-control-request-method",
		"connection", "content-length", "cookie", "cookie2", "date", "dnt", "expect", "host", "keep-alive", "origin",
		"referer", "set-cookie", "te", "trailer", "transfer-encoding", "upgrade", "via":
		return true
	case "x-http-method", "x-http-method-override", "x-method-override":
		for method := range strings.SplitSeq(value, ",") {
			switch strings.ToUpper(strings.TrimSpace(method)) {
			case "CONNECT", "TRACE", "TRACK":
				return true
			}
		}
	}
	return strings.HasPrefix(name, "proxy-") || strings.HasPrefix(name, "sec-")
}
