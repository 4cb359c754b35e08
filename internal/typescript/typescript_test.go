package typescript

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden file")

func TestDeclarations(t *testing.T) {
	p, err := Read(t.Context(), "testdata/program", nil)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range p.Functions() {
		all = append(all, fmt.Sprint(f.Name, f.Sequence))
	}
	if got, want := strings.Join(all, " "), "addTaskfalse findfalse linestrue listfalse namesfalse refreshfalse shrinkfalse"; got != want {
		t.Errorf("the functions are %s, want %s", got, want)
	}
	got, err := p.Declarations()
	if err != nil {
		t.Fatal(err)
	}
	same(t, "testdata/program/exports.d.ts", got)
	if got, err = p.Ambient("*/logic?go"); err != nil {
		t.Fatal(err)
	}
	same(t, "testdata/program/ambient.d.ts", got)
}

// same compares a text with a golden file.
func same(t *testing.T, golden string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("got\n%s\nwhich is not %s (run with -update to accept it)", got, golden)
	}
}

// TestDeclarationsFail checks what is said about programs whose types cannot be written.
func TestDeclarationsFail(t *testing.T) {
	for name, c := range map[string]struct {
		code string
		want []string
	}{
		"no exports":        {"", []string{"the program exports no function: call wasm.ExportFunc"}},
		"a name at runtime": {"n := \"a\"\nwasm.ExportFunc(ctx, n, f[int])", []string{"main.go:13:22: the name of an exported function must be a constant here"}},
		"twice":             {"wasm.ExportFunc(ctx, \"a\", f[int])\nwasm.ExportFunc(ctx, \"a\", f[int])", []string{`main.go:13:1: "a" is exported at main.go:12:1 too`}},
		"a channel":         {"type in struct{ A struct{ C chan int } }\nwasm.ExportFunc(ctx, \"a\", f[in])", []string{"main.go:13:1: a.A.C: a chan int has no JSON form"}},
		"a function":        {"wasm.ExportFunc(ctx, \"a\", f[func()])", []string{"a func() has no JSON form"}},
		"a complex number":  {"wasm.ExportFunc(ctx, \"a\", f[complex128])", []string{"a complex128 has no JSON form"}},
		"a map of structs":  {"wasm.ExportFunc(ctx, \"a\", f[map[struct{ A int }]int])", []string{"the keys must be texts or integers"}},
		"a generic export":  {"return nil\n}) }\n\nfunc g[In any](ctx context.Context) {\nwasm.ExportFunc(ctx, \"g\", f[In])\n_ = (func() error {", []string{"main.go:16:1: the types of an export in a generic function are not known"}},
		"does not compile":  {"x", []string{"main.go:12:1: undefined: x"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			root, err := filepath.Abs("../..")
			if err != nil {
				t.Fatal(err)
			}
			sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
			if err != nil {
				t.Fatal(err)
			}
			mod := "module example.com/program\n\ngo 1.26\n\nrequire (\n\tgithub.com/forgego/forgego v0.0.0\n\tgithub.com/hack-pad/safejs v0.1.0 // indirect\n)\n\nreplace github.com/forgego/forgego => " + root + "\n"
			program := "package main\n\nimport (\n\t\"context\"\n\n\t\"github.com/forgego/forgego/wasm\"\n)\n\n" +
				"func f[In any](context.Context, In) (int, error) { return 0, nil }\n\n" +
				"func main() { wasm.Run(func(ctx context.Context) error {\n" + c.code + "\nreturn nil\n}) }\n"
			for file, text := range map[string]string{"go.mod": mod, "go.sum": string(sum), "main.go": program} {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			p, err := Read(t.Context(), dir, append(os.Environ(), "GOFLAGS=-mod=mod"))
			if err == nil {
				_, err = p.Declarations()
			}
			for _, want := range c.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("got %v\nwant %q", err, want)
				}
			}
		})
	}
}
