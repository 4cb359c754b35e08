package browser

import (
	"encoding/json"
	"fmt"
)

// remoteValue is a JavaScript value as WebDriver BiDi describes it (https://www.w3.org/TR/webdriver-bidi/#type-script-RemoteValue).
type remoteValue struct {
	Type  string
	Value json.RawMessage
}

// toJSON returns the value as JSON.stringify does, or nil if it has no JSON form.
func (v remoteValue) toJSON() (json.RawMessage, error) {
	switch v.Type {
	case "undefined", "symbol", "function":
		return nil, nil
	case "null":
		return json.RawMessage("null"), nil
	case "string", "boolean", "date":
		return v.Value, nil
	case "number":
		if len(v.Value) > 0 && v.Value[0] == '"' { // NaN, -0, Infinity
			if string(v.Value) == `"-0"` {
				return json.RawMessage("0"), nil
			}
			return json.RawMessage("null"), nil
		}
		return v.Value, nil
	case "array", "nodelist", "htmlcollection":
		var items []remoteValue
		if err := json.Unmarshal(v.Value, &items); err != nil {
			return nil, fmt.Errorf("the value is too deep: %w", err)
		}
		out := make([]json.RawMessage, len(items))
		for i, item := range items {
			text, err := item.toJSON()
			if err != nil {
				return nil, err
			}
			if out[i] = text; text == nil {
				out[i] = json.RawMessage("null")
			}
		}
		return json.Marshal(out)
	case "object":
		return v.object()
	}
	return json.RawMessage("{}"), nil
}

// object returns an object, in the order of its properties.
func (v remoteValue) object() (json.RawMessage, error) {
	var pairs [][2]json.RawMessage
	if err := json.Unmarshal(v.Value, &pairs); err != nil {
		return nil, fmt.Errorf("the value is too deep: %w", err)
	}
	out := []byte{'{'}
	for _, pair := range pairs {
		var value remoteValue
		if err := json.Unmarshal(pair[1], &value); err != nil {
			return nil, err
		}
		text, err := value.toJSON()
		if err != nil {
			return nil, err
		}
		if text == nil {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(append(out, pair[0]...), ':'), text...)
	}
	return append(out, '}'), nil
}

// consoleText returns the value as the console shows it.
func (v remoteValue) consoleText() string {
	var text string
	switch v.Type {
	case "string":
		_ = json.Unmarshal(v.Value, &text)
		return text
	case "number", "boolean", "bigint":
		return string(v.Value)
	case "undefined", "null":
		return v.Type
	case "object":
		return "Object"
	}
	return v.Type
}
