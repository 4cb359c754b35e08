package smalljson

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"
)

type request struct {
	Header List[[2]string] `json:"headers"`
	Fields Map[string]     `json:"fields"`
	Rest   json.RawMessage `json:"rest"`
}

func TestUnmarshalSmallValues(t *testing.T) {
	var r request
	err := json.Unmarshal([]byte(`{"headers":[["a","b"]],"fields":{"c":"d"},"rest":[`+strings.Repeat("1,", 1<<18)+`1]}`), &r)
	if err != nil || len(r.Header) != 1 || r.Header[0] != [2]string{"a", "b"} || r.Fields["c"] != "d" {
		t.Errorf("got %v, %v, %v", r.Header, r.Fields, err)
	}
	if err := json.Unmarshal([]byte(`{"headers":null,"fields":null}`), &r); err != nil || r.Header != nil || r.Fields != nil {
		t.Errorf("null: %v, %v, %v", r.Header, r.Fields, err)
	}
}

// TestUnmarshalRefusesLargeValues checks that large JSON is refused before it is decoded.
func TestUnmarshalRefusesLargeValues(t *testing.T) {
	for name, text := range map[string]string{
		"list":   `{"headers":[` + strings.Repeat("[],", 1<<20) + `[]]}`,
		"object": `{"fields":{` + strings.Repeat(`"a":"",`, 1<<19) + `"a":""}}`,
	} {
		t.Run(name, func(t *testing.T) {
			data := []byte(text)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err := json.Unmarshal(data, &request{})
			runtime.ReadMemStats(&after)
			if err == nil || !strings.Contains(err.Error(), "256 KB") {
				t.Errorf("got %v, want an error that contains %q", err, "256 KB")
			}
			if taken := after.TotalAlloc - before.TotalAlloc; taken > 1<<20 {
				t.Errorf("Unmarshal allocated %d bytes for %d bytes of JSON; want at most 1 MiB", taken, len(data))
			}
		})
	}
}
