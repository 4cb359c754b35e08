package remote

import (
	"errors"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxDepth limits how deep JSON may nest. A FIT nests far less.
const maxDepth = 100

var (
	errUTF8  = errors.New("JSON is not UTF-8")
	errDepth = errors.New("JSON nests too deep")
)

var (
	// halfPairs accepts half a surrogate pair, such as "\ud83d", and reads it as U+FFFD, as encoding/json does.
	halfPairs = jsontext.AllowInvalidUTF8(true)
	// onlyKnown returns an error if an object has a name that v does not have.
	onlyKnown = json.RejectUnknownMembers(true)
)

// unmarshal parses the one JSON value in data into v. It is stricter than encoding/json, so that two parsers cannot read one
// token in two ways: it returns an error if an object has a name twice, at any depth, and if data is not UTF-8. Names match
// only in the same case.
//
// The library's errors quote data, so callers must not return them.
func unmarshal(data []byte, v any, options ...json.Options) error {
	if !utf8.Valid(data) {
		return errUTF8
	}
	if depthOf(data) > maxDepth {
		return errDepth
	}
	return json.Unmarshal(data, v, append(options, halfPairs)...)
}

// depthOf returns how deep data nests. The library accepts 10,000 levels, which is too much for a small stack, as under
// GOOS=js.
func depthOf(data []byte) int {
	depth, deepest, inText := 0, 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case c == '"':
			inText = !inText
		case inText:
			if c == '\\' {
				i++
			}
		case c == '{' || c == '[':
			depth++
			deepest = max(deepest, depth)
		case c == '}' || c == ']':
			depth--
		}
	}
	return deepest
}

// texts is a list of strings. Unlike []string it does not accept null as an element.
type texts []string

// UnmarshalJSONFrom reads a list, or null.
func (t *texts) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() == 'n' {
		return dec.SkipValue()
	}
	var list []*string
	if err := json.UnmarshalDecode(dec, &list); err != nil {
		return err
	}
	for _, text := range list {
		if text == nil {
			return errors.New("null in a list of strings")
		}
		*t = append(*t, *text)
	}
	return nil
}
