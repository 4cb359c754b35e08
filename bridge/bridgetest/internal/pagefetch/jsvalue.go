package pagefetch

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

var errNoObject = errors.New("the text is not a JSON object")

type member struct {
	name  string
	value json.RawMessage
}

// orderedMembers returns an object's members in order. A repeated name has its first position and its last value, as
// in JSON.parse.
func orderedMembers(data []byte) ([]member, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	if t, err := d.Token(); err != nil || t != json.Delim('{') || !json.Valid(data) {
		return nil, errNoObject
	}
	var all []member
	places := map[string]int{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, _ := t.(string)
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		if i, ok := places[name]; ok {
			all[i].value = value
			continue
		}
		places[name] = len(all)
		all = append(all, member{name, value})
	}
	return all, nil
}

// jsString is JavaScript's String() of a JSON value.
func jsString(raw json.RawMessage) string {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return "undefined"
	}
	switch raw[0] {
	case '"':
		var text string
		if json.Unmarshal(raw, &text) == nil {
			return text
		}
	case '{':
		return "[object Object]"
	case '[':
		var elements []json.RawMessage
		if json.Unmarshal(raw, &elements) == nil {
			texts := make([]string, len(elements))
			for i, element := range elements {
				if !isNullish(element) {
					texts[i] = jsString(element)
				}
			}
			return strings.Join(texts, ",")
		}
	}
	return string(raw)
}

func isNullish(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

func isTruthy(raw json.RawMessage) bool {
	switch string(raw) {
	case "", "null", "false", `""`, "0", "-0":
		return false
	}
	return true
}
