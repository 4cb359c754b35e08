package kvs

import (
	"encoding/json"
)

func encode(sites map[int]*values) ([]byte, error) {
	text, err := json.MarshalIndent(sites, "", "  ")
	return append(text, '\n'), err
}
