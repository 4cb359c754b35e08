//go:build !js

package events

import (
	"bytes"
	"encoding/json"
	"testing"
)

func FuzzBlob(f *testing.F) {
	for _, seed := range []string{
		`{"data":"data:image/png;base64,iVBORw==","type":"image/png","__isBlobData":true}`,
		`{"data":" YW J= ","type":"A/b","__isBlobData":null}`,
		`{"data":",;base64","type":"","__isBlobData":1}`,
		`null`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var read Blob
		if json.Unmarshal(text, &read) != nil {
			return
		}
		sent, err := json.Marshal(read)
		if err != nil {
			t.Fatal(err)
		}
		var again Blob
		if err := json.Unmarshal(sent, &again); err != nil || again.Type != read.Type || !bytes.Equal(again.Data, read.Data) {
			t.Errorf("%s was read as %+v, sent as %s, and read as %+v, %v", text, read, sent, again, err)
		}
	})
}
