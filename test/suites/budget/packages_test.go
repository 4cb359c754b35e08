package budget

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestBridgeImportsNoNetHTTP checks which packages the import of bridge adds. net/http alone would make a program three
// times as large.
func TestBridgeImportsNoNetHTTP(t *testing.T) {
	empty, text := packages(t, "empty"), packages(t, "text")
	if !slices.Contains(text, "github.com/forgego/forgego/bridge") {
		t.Fatal("bridge is not in the list, so this test checks nothing")
	}
	for _, name := range text {
		forbidden := name == "net/http" || strings.HasPrefix(name, "net/http/") || name == "net" || name == "crypto" || strings.HasPrefix(name, "crypto/")
		if forbidden && !slices.Contains(empty, name) {
			t.Errorf("a front end that only uses RequestRemote links %s; see who imports it: GOOS=js GOARCH=wasm go list -deps", name)
		}
	}
}

// TestTextProgramLinksNoJSON checks what the linker keeps of the packages that bridge imports. A program that only sends
// and receives text must not contain the code for JSON.
func TestTextProgramLinksNoJSON(t *testing.T) {
	text, json := linked(t, "text"), linked(t, "json")
	for _, name := range onlyJSON {
		if !slices.Contains(json, name) {
			t.Errorf("the program with JSON does not have %s either, so this test checks nothing", name)
		}
		if slices.Contains(text, name) {
			t.Errorf("a front end that only uses RequestRemote and Text links %s; see who calls it:\n"+
				"  cd test && GOOS=js GOARCH=wasm go build -o /dev/null -ldflags=-dumpdep ./programs/sizes/text 2>&1 | grep -F -- '-> %s'", name, name)
		}
	}
}

// TestTextProgramLinksNoNotice checks that a program without event handlers does not contain the notice about their errors.
func TestTextProgramLinksNoNotice(t *testing.T) {
	const notice = "github.com/forgego/forgego/internal/notice.(*box).show"
	if !slices.Contains(linked(t, "listen"), notice) {
		t.Errorf("the program with Listen does not have %s either, so this test checks nothing", notice)
	}
	if slices.Contains(linked(t, "text"), notice) {
		t.Errorf("a front end that does not listen to events links %s; see who calls notice.Use", notice)
	}
}

// TestProgramsLinkNoEncodingJSON checks that programs that convert values do not import encoding/json, which would make
// them a fifth larger.
func TestProgramsLinkNoEncodingJSON(t *testing.T) {
	for _, program := range []string{"text", "json", "do"} {
		if slices.Contains(packages(t, program), "encoding/json") {
			t.Errorf("the program %s imports encoding/json; see who does: GOOS=js GOARCH=wasm go list -deps", program)
		}
	}
}

// packages lists all packages that a program in programs/sizes imports, directly or indirectly.
func packages(t *testing.T, program string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "../../programs/sizes/"+program)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list -deps programs/sizes/%s: %v", program, err)
	}
	return strings.Fields(string(out))
}

// linked lists the functions and data that the linker keeps for a program in programs/sizes. The linker writes lines like
// "main.main -> fmt.Println". A name may be followed by a note such as "<UsedInIface>".
func linked(t *testing.T, program string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", os.DevNull, "-ldflags=-dumpdep", "../../programs/sizes/"+program)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go build programs/sizes/%s: %v\n%s", program, err, out)
	}
	var names []string
	for line := range strings.Lines(string(out)) {
		if _, to, ok := strings.Cut(line, " -> "); ok {
			names = append(names, strings.Fields(to)[0])
		}
	}
	return names
}
