//go:build !tinygo

package bridge_test

import (
	"net/http"
	"reflect"
	"testing"

	"github.com/forgego/forgego/bridge"
)

func TestHeader(t *testing.T) {
	h := bridge.Header{}
	h.Set("content-TYPE", "text/plain")
	h.Add("x-list", "1")
	h.Add("X-List", "2")
	h.Set("gone", "1")
	h.Del("GONE")
	if got := h.Get("Content-type"); got != "text/plain" {
		t.Errorf("Get = %q", got)
	}
	if got := h.Values("x-LIST"); !reflect.DeepEqual(got, []string{"1", "2"}) {
		t.Errorf("Values = %q", got)
	}
	if got := h.Get("gone"); got != "" {
		t.Errorf("a deleted field has %q", got)
	}
	if want := (http.Header{"Content-Type": {"text/plain"}, "X-List": {"1", "2"}}); !reflect.DeepEqual(http.Header(h), want) {
		t.Errorf("as http.Header: %v, want %v", h, want)
	}
}
