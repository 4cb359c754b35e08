package events

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestBlobUnmarshal(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want Blob
	}{
		"a data URL":           {`{"data":"data:image/png;base64,iVBORw==","type":"image/png","__isBlobData":true}`, Blob{"image/png", []byte("\x89PNG")}},
		"base64 alone":         {`{"data":"YWJj","type":"text/plain","__isBlobData":true}`, Blob{"text/plain", []byte("abc")}},
		"without padding":      {`{"data":"YWI","type":"a/b","__isBlobData":true}`, Blob{"a/b", []byte("ab")}},
		"with white space":     {`{"data":" YW\nJj\t","type":"a/b","__isBlobData":true}`, Blob{"a/b", []byte("abc")}},
		"unused bits":          {`{"data":"YWJ=","type":"a/b","__isBlobData":true}`, Blob{"a/b", []byte("ab")}},
		"empty data":           {`{"data":"data:text/plain;base64,","type":"text/plain","__isBlobData":true}`, Blob{"text/plain", []byte{}}},
		"no data":              {`{"data":"","type":"text/plain","__isBlobData":true}`, Blob{}},
		"an old mark":          {`{"data":"YQ==","type":"a/b","__isBlobData":false}`, Blob{"a/b", []byte("a")}},
		"a type in capitals":   {`{"data":"YQ==","type":"A/B","__isBlobData":true}`, Blob{"a/b", []byte("a")}},
		"a type outside ASCII": {`{"data":"YQ==","type":"ä/b","__isBlobData":true}`, Blob{"", []byte("a")}},
		"two commas":           {`{"data":"data:a/b;base64,YQ==,YQ==","type":"a/b","__isBlobData":true}`, Blob{"a/b", []byte("a")}},
		"null":                 {`null`, Blob{"kept", nil}},
	} {
		t.Run(name, func(t *testing.T) {
			got := Blob{Type: "kept"}
			if err := json.Unmarshal([]byte(tt.text), &got); err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %+v, %v, want %+v", got, err, tt.want)
			}
		})
	}
	for name, text := range map[string]string{
		"no mark":          `{"data":"YQ==","type":"a/b"}`,
		"text":             `"YQ=="`,
		"a list":           `[]`,
		"no base64":        `{"data":"%","type":"a/b","__isBlobData":true}`,
		"too much padding": `{"data":"YQ===","type":"a/b","__isBlobData":true}`,
		"a type of number": `{"data":"YQ==","type":1,"__isBlobData":true}`,
	} {
		t.Run(name, func(t *testing.T) {
			var got Blob
			if err := json.Unmarshal([]byte(text), &got); err == nil {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// A decoded value can be sent, and decodes to the same value.
