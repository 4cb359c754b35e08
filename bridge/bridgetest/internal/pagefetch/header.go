package pagefetch

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/forgego/forgego/bridge/bridgetest/internal/jsvalue"
	"github.com/forgego/forgego/internal/fetchspec"
)

// AddHeader adds the fields that a browser adds to a page's request.
func AddHeader(header http.Header) {
	if header.Get("Accept") == "" {
		header.Set("Accept", "*/*")
	}
	header.Set("Accept-Encoding", "gzip")
}

// ReadableHeader returns a response's header as a page sees it: names in lower case, values joined by ", " and in
// Latin-1, no cookies.
func ReadableHeader(header http.Header) map[string]string {
	fields := make(map[string]string, len(header))
	for name, values := range header {
		if name = strings.ToLower(name); !fetchspec.IsForbiddenResponseHeader(name) {
			fields[name] = fetchspec.FromLatin1(strings.Join(values, ", "))
		}
	}
	return fields
}

// readHeader returns the fields that fetch sends of a caller's headers, which are an object of names and values or
// an array of pairs.
func readHeader(raw json.RawMessage) (http.Header, error) {
	header := http.Header{}
	add := func(name, value string) error {
		if !fetchspec.IsToken(name) {
			return typeError("Invalid name")
		}
		sent, ok := fetchspec.Latin1(fetchspec.NormalizeValue(value))
		if !ok || strings.ContainsAny(sent, "\x00\r\n") {
			return typeError("Invalid value")
		}
		key := http.CanonicalHeaderKey(name)
		if key == "Authorization" || fetchspec.IsForbiddenRequestHeader(name, sent) {
			return nil
		}
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
			if err := add(jsvalue.String(pair[0]), jsvalue.String(pair[1])); err != nil {
				return nil, err
			}
		}
		return header, nil
	}
	if jsvalue.IsNullish(raw) {
		return header, nil
	}
	fields, err := orderedMembers(raw)
	if err != nil {
		return nil, typeError("The headers are neither an object nor pairs.")
	}
	for _, field := range fields {
		if err := add(field.name, jsvalue.String(field.value)); err != nil {
			return nil, err
		}
	}
	return header, nil
}
