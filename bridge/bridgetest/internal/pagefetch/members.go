package pagefetch

import (
	"bytes"
	"encoding/json"
	"errors"
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
