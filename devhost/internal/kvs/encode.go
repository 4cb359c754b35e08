package kvs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// encode writes what decode reads, with a line for each value. Each change writes all values, so they are copied as they came:
// package json would parse them again, which takes most of the time.
func encode(b *bytes.Buffer, sites map[int]*values) error {
	b.Reset()
	size := 0
	for _, of := range sites {
		size += of.size + 128*(len(of.Plain)+len(of.Secret)+1)
	}
	b.Grow(size)
	b.WriteByte('{')
	separator := ""
	for _, number := range slices.Sorted(maps.Keys(sites)) {
		fmt.Fprintf(b, "%s\n  \"%d\": {\n    \"values\": {", separator, number)
		if err := encodeEntries(b, sites[number].Plain); err != nil {
			return err
		}
		b.WriteString("},\n    \"secrets\": {")
		if err := encodeEntries(b, sites[number].Secret); err != nil {
			return err
		}
		b.WriteString("}\n  }")
		separator = ","
	}
	b.WriteString("\n}\n")
	return nil
}

func encodeEntries(b *bytes.Buffer, entries map[string]entry) error {
	separator := ""
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		e := entries[key]
		name, err := json.Marshal(key)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "%s\n      %s: {\"value\": %s, \"createdAt\": %d, \"updatedAt\": %d", separator, name, e.Value, e.Created, e.Updated)
		if !e.Expires.IsZero() {
			expires, err := json.Marshal(e.Expires)
			if err != nil {
				return err
			}
			fmt.Fprintf(b, ", \"expireTime\": %s", expires)
		}
		b.WriteByte('}')
		separator = ","
	}
	if len(entries) > 0 {
		b.WriteString("\n    ")
	}
	return nil
}
