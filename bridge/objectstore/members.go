package objectstore

import (
	"bytes"
	"encoding/json"
	"errors"
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
	decoder := json.NewDecoder(bytes.NewReader(data))
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return nil, errNoObject
	}
	var members []member
	places := map[string]int{}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		m := member{name: name.(string)} // the decoder returns names as strings
		if err := decoder.Decode(&m.value); err != nil {
			return nil, err
		}
		if i, ok := places[m.name]; ok {
			members[i] = m
			continue
		}
		places[m.name] = len(members)
		members = append(members, m)
	}
	return members, nil
}
