package bridgehttp

import (
	"net/http"
	"reflect"
	"testing"

	"github.com/forgego/forgego/bridge"
)

func TestResponseHeader(t *testing.T) {
	given := func() bridge.Header {
		return bridge.Header{"content-type": {"a\tb", ""}, "X-Latin1": {"Gr\u00fc\u00dfe", "\u00c3\u00a4"}, "X-Other": {"ä…"}}
	}
	want := http.Header{"Content-Type": {"a\tb", ""}, "X-Latin1": {"Gr\xfc\xdfe", "ä"}, "X-Other": {"ä…"}}
	if got := (&Transport{}).responseHeader(given()); !reflect.DeepEqual(got, want) {
		t.Errorf("requestRemote: got %q, want %q", got, want)
	}
	want["X-Latin1"] = []string{"Grüße", "Ã¤"}
	if got := (&Transport{invoke: true}).responseHeader(given()); !reflect.DeepEqual(got, want) {
		t.Errorf("invokeRemote: got %q, want %q", got, want)
	}
}
