package view

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
)

func TestDocument(t *testing.T) {
	now := time.UnixMilli(1700000000123)
	for name, tt := range map[string]struct{ context, want string }{
		"a macro": {`{"localId":"l","extension":{"macro":{"body":{"type":"doc"}},"isEditing":true,"content":{"id":"7"}}}`,
			`{"type":"adf-document","document":{"type":"doc"},"timestamp":1700000000123,"source":"forge-adf-renderer","localId":"l","isEditing":true,"contentId":"7"}`},
		"nothing": {`{"localId":"l","extension":{"isEditing":null}}`,
			`{"type":"adf-document","timestamp":1700000000123,"source":"forge-adf-renderer","localId":"l","isEditing":false}`},
	} {
		t.Run(name, func(t *testing.T) {
			var here Context
			if err := json.Unmarshal([]byte(tt.context), &here); err != nil {
				t.Fatal(err)
			}
			message, err := documentOf(&here)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(message(now)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
	broken := &Context{Extension: Extension{Raw: json.RawMessage(`{"macro":7}`)}}
	if _, err := NewIframeProps(t.Context(), broken, ""); !errors.Is(err, bridge.ErrInvalidResponse) {
		t.Errorf("a macro of another form returns %v", err)
	}
	if _, err := NewIframeProps(t.Context(), nil, ""); !errors.Is(err, bridge.ErrInvalidRequest) {
		t.Errorf("no context returns %v", err)
	}
}

func TestSizerHeight(t *testing.T) {
	for message, want := range map[string]int{
		"[iFrameSizer]a:120:300:init":   120,
		"[iFrameSizer]a:120.5:300:size": 120,
		"[iFrameSizer]a:120":            120,
		"[iFrameSizer]b:120:300:init":   0,
		"[iFrameSizer]a:-1:300":         0,
		"[iFrameSizer]a:1e9:300":        0,
		"[iFrameSizer]a:NaN:300":        0,
		"[iFrameSizer]a:":               0,
		"a:120:300":                     0,
	} {
		if got, ok := sizerHeight("a", message); got != want || ok != (want != 0) {
			t.Errorf("%q returns %d, %v", message, got, ok)
		}
	}
}

// The order of the values is that of iframe-resizer 4.
func TestSizerGreeting(t *testing.T) {
	const want = "[iFrameSizer]a:8:false:false:32:true:true::taggedElement:::0:false:parent:bodyScroll:false"
	if got := sizerGreeting("a"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
