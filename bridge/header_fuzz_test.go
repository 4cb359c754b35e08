//go:build !js

package bridge_test

import (
	"net/http"
	"reflect"
	"testing"

	"github.com/forgego/forgego/bridge"
)

// FuzzHeaderNames holds the names to those of net/http.
func FuzzHeaderNames(f *testing.F) {
	for _, name := range []string{"", "a", "Content-Type", "content-type", "CONTENT-TYPE", "x--y", "-a", "ä", "a b", "x_y-z", "a\n"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got, want := bridge.Header{}, http.Header{}
		got.Set(name, "1")
		want.Set(name, "1")
		if !reflect.DeepEqual(http.Header(got), want) {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	})
}
