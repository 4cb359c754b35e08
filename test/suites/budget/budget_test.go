// Package budget compares the size of what a page loads with its budget, and checks which packages a front end links. The
// programs are built as "forgego build" builds them. Their size is measured with gzip: it changes as the brotli size does,
// and takes a hundredth of the time. "make bench" measures brotli. The shim is small, so it is measured with brotli here.
//
// Run it from the folder test/:
//
//	go test -count=1 -v ./suites/budget
//
// -count=1 is needed because the cache of go test does not see what the programs import. -v prints the sizes.
package budget

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/test/harness/program"
)

// maxShim is the maximum size of the shim without wasm_exec.js, in bytes. 0.3 KB of it say what ended a program, with the
// file and line: otherwise a developer must find that in a trace of 60 lines.
const maxShim = 4608

// maxModule is the same for the ES module, which can also call the functions that a program exports, but loads forgego.more.js
// for what it seldom needs.
const maxModule = 4608

// A budget is for programs of one version of Go. Raise an exceeded budget only for a feature that is worth its bytes in
// every app.
type budget struct {
	// maxText is the maximum size of the program text, as a multiple of the size of the program safejs.
	maxText float64
	// maxJSON is the maximum size of the program json, in bytes.
	maxJSON int
	// maxDo is how many bytes the program do may have more than the program json. They are for the error with what the
	// backend said, which the program json does not make.
	maxDo int
}

// budgets has a budget for each version of Go that is tested.
var budgets = map[string]budget{
	"go1.26": {1.035, 925_000, 16_384},
	"go1.27": {1.035, 895_000, 16_384},
}

// onlyJSON are functions that the linker keeps in the program json and must not keep in the program text.
var onlyJSON = []string{
	"github.com/forgego/forgego/internal/jsoncodec.(*encoder).plain",
	"github.com/forgego/forgego/internal/jsoncodec.(*decoder).plain",
}

// budgetOf returns the budget for the go command that builds the programs.
func budgetOf(t *testing.T) budget {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "env", "GOVERSION").Output()
	if err != nil {
		t.Fatal(err)
	}
	version := strings.TrimSpace(string(out))
	parts := strings.SplitN(version, ".", 3)
	b, ok := budgets[strings.Join(parts[:min(2, len(parts))], ".")]
	if !ok {
		t.Fatalf("there is no budget for %s: measure its programs (make bench PART=weight) and add one", version)
	}
	return b
}

func TestProgramsAreWithinTheirBudgets(t *testing.T) {
	budget := budgetOf(t)
	sizes := sizesOf(t, "safejs", "text", "json", "do")
	for name, size := range sizes {
		t.Logf("%s: %d bytes in gzip", name, size)
	}
	if ratio := float64(sizes["text"]) / float64(sizes["safejs"]); ratio > budget.maxText {
		t.Errorf("a program with RequestRemote and Text has %d bytes in gzip, %.3f times those of a program with safejs alone (%d). "+
			"The budget is %.2f times, %d bytes. %s", sizes["text"], ratio, sizes["safejs"], budget.maxText, int(budget.maxText*float64(sizes["safejs"])), lookAt)
	}
	if size := sizes["json"]; size > budget.maxJSON {
		t.Errorf("a program with RequestRemote and JSON has %d bytes in gzip; the budget is %d. %s", size, budget.maxJSON, lookAt)
	}
	if more := sizes["do"] - sizes["json"]; more > budget.maxDo {
		t.Errorf("a program with Post has %d bytes in gzip, %d more than with RequestRemote and JSON; the budget is %d more. %s", sizes["do"], more, budget.maxDo, lookAt)
	}
}

const lookAt = "make bench prints the size of each package; look for one that is new or has grown, and for a function that keeps " +
	"more than it uses: one that formats with fmt, a time or a URL as a value of any, a method found only through an interface."

func TestShimIsWithinItsBudget(t *testing.T) {
	for name, form := range map[string]struct {
		shim func() ([]byte, error)
		max  int
	}{
		"script": {bundle.MinifiedShim, maxShim},
		"module": {bundle.MinifiedModule, maxModule},
	} {
		shim, err := form.shim()
		if err != nil {
			t.Fatal(err)
		}
		size, err := brotli11(shim)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("shim as a %s: %d bytes, %d in brotli 11", name, len(shim), size)
		if size > form.max {
			t.Errorf("the shim as a %s has %d bytes, minified and in brotli 11; the budget is %d. Look at what was added in jsglue/: "+
				"its texts weigh most, and names of properties are not made shorter.", name, size, form.max)
		}
	}
}

// sizesOf builds programs of programs/sizes and returns their compressed sizes.
func sizesOf(t *testing.T, names ...string) map[string]int {
	t.Helper()
	sizes := map[string]int{}
	for _, name := range names {
		var b bytes.Buffer
		w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err == nil {
			_, err = w.Write(build(t, name))
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		sizes[name] = b.Len()
	}
	return sizes
}

// build builds a program of programs/sizes as "forgego build" does.
func build(t *testing.T, name string) []byte {
	t.Helper()
	dir := t.TempDir()
	if err := program.Build(t.Context(), "sizes/"+name, dir, bundle.Options{}); err != nil {
		t.Fatal(err)
	}
	built, err := os.ReadFile(filepath.Join(dir, bundle.Program))
	if err != nil {
		t.Fatal(err)
	}
	return built
}

func brotli11(data []byte) (size int, err error) {
	var b bytes.Buffer
	w := brotli.NewWriterLevel(&b, brotli.BestCompression)
	_, err = w.Write(data)
	err = errors.Join(err, w.Close())
	return b.Len(), err
}
