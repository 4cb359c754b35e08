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
			t.Errorf("%q is left in it", left)
		}
	}
	head, code, _ := strings.Cut(string(shim), "\n(")
	for _, want := range []string{"// forgego.js of ", "jsglue/forgego.js", "github.com/forgego/forgego", "Apache-2.0"} {
		if !strings.Contains(head, want) {
			t.Errorf("its head does not say %q:\n%s", want, head)
		}
	}
	// Go code, pages and people who read the messages depend on these names.
	for _, name := range []string{"__forgegoPort", "forgego_deliver", "forgego:failed", "dataset", "gzip", "unsafe-eval"} {
		if !strings.Contains(code, name) {
			t.Errorf("%s is not in it", name)
		}
	}
	if again, err := MinifiedShim(); err != nil || !bytes.Equal(shim, again) {
		t.Errorf("the second time it is another text (%v)", err)
	}
}
