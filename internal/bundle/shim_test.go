package bundle

import (
	"bytes"
	"strings"
	"testing"
)

func TestMinifiedShim(t *testing.T) {
	shim, err := MinifiedShim()
	if err != nil {
		t.Fatal(err)
	}
	for _, left := range []string{"@param", "import ", "export "} {
		if bytes.Contains(shim, []byte(left)) {
			t.Errorf("the minified shim contains %q", left)
		}
	}
	head, code, _ := strings.Cut(string(shim), "\n(")
	for _, want := range []string{"// forgego.js of ", "jsglue/forgego.js", "github.com/forgego/forgego", "Apache-2.0"} {
		if !strings.Contains(head, want) {
			t.Errorf("the first line of the shim does not contain %q:\n%s", want, head)
		}
	}
	// Go code, pages and people who read the messages depend on these names.
	for _, name := range []string{"__forgegoPort", "forgego_deliver", "forgego:", "failed", "dataset", "gzip", "unsafe-eval"} {
		if !strings.Contains(code, name) {
			t.Errorf("the minified shim does not contain %s", name)
		}
	}
	if again, err := MinifiedShim(); err != nil || !bytes.Equal(shim, again) {
		t.Errorf("a second call returns another text (%v)", err)
	}
}
