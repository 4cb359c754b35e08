//go:build !js

package bridgetest_test

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge/bridgetest"
)

// The package comment lists each method of Host under its topic, once.
func TestPackageCommentListsTheHostsMethods(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(text), "# The methods of Host by topic")
	list, _, _ = strings.Cut(list, "# Limits")
	host := reflect.TypeFor[*bridgetest.Host]()
	for i := range host.NumMethod() {
		name := host.Method(i).Name
		if n := strings.Count(list, "[Host."+name+"]"); n != 1 {
			t.Errorf("the package comment lists %s %d times", name, n)
		}
	}
	if n := strings.Count(list, "[Host."); n != host.NumMethod() {
		t.Errorf("the package comment lists %d methods of %d", n, host.NumMethod())
	}
}
