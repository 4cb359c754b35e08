package mcpserver

import (
	"os/exec"
	"strings"
	"testing"
)

// Only the command links the protocol's library: programs that use the other packages must not get it.
func TestOtherPackagesDoNotLinkProtocol(t *testing.T) {
	list := func(packages ...string) string {
		cmd := exec.Command("go", append([]string{"list", "-deps"}, packages...)...)
		cmd.Dir = "../.."
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return string(out)
	}
	const library = "github.com/modelcontextprotocol/go-sdk/mcp"
	if strings.Contains(list("./devhost/...", "./internal/devloop", "./remote/...", "./bridge/...", "./wasm"), library) {
		t.Error("a package other than the command imports " + library)
	}
	if !strings.Contains(list("./cmd/forgego"), library) {
		t.Error("the command does not import " + library + ", so this test checks nothing")
	}
}
