package objectstore

import (
	"encoding/json"
	"errors"

	"github.com/forgego/forgego/internal/nesting"
)

// member is one member of a JSON object.
type member struct {
	name  string
	value json.RawMessage
}

var errNoObject = errors.New("no object")

// readMembers returns the members of a JSON object in order, as Object.entries does. A repeated name has its last
// value. A function answers with such an object, whose names are addresses.
func readMembers(data []byte) ([]member, error) {
	var values map[string]json.RawMessage
	if err := nesting.UnmarshalShallow(data, &values); err != nil {
		return nil, err
	}
	if values == nil { // null
		return nil, errNoObject
	}
	members := make([]member, 0, len(values))
	for _, name := range namesOf(data) {
		if value, ok := values[name]; ok {
			members = append(members, member{name, value})
			delete(values, name)
		}
	}
	return members, nil
}

// namesOf returns the names in a JSON object in order, also repeated ones. data must be a JSON object.
func namesOf(data []byte) (names []string) {
	depth, isName := 0, false
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '{', '[':
			depth++
			isName = depth == 1
		case '}', ']':
			depth--
		case ',':
			isName = depth == 1
		case '"':
			start := i
			for i++; data[i] != '"'; i++ {
				if data[i] == '\\' {
					i++
				}
			}
			if isName {
				var name string
				_ = nesting.UnmarshalShallow(data[start:i+1], &name) // cannot fail: it is a JSON string
				names = append(names, name)
			}
			isName = false
		}
	}
	return names
}
