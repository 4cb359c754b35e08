// Package types checks the TypeScript types of the ES module, and the types that "forgego types" writes.
//
// Run it from the folder test/; make setup must have been run:
//
//	go test -count=1 ./suites/types
package types

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/typescript"
	"github.com/forgego/forgego/jsglue"
	"github.com/forgego/forgego/test/harness/program"
)

// TestTypes checks with TypeScript's compiler that the types of the module, and those of the functions of programs/module,
// allow what works, and refuse what does not.
func TestTypes(t *testing.T) {
	dir := t.TempDir()
	source, err := program.Dir("module")
	if err != nil {
		t.Fatal(err)
	}
	read, err := typescript.Read(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	exports, err := read.Declarations()
	if err != nil {
		t.Fatal(err)
	}
	right, err := os.ReadFile("testdata/right.ts")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"exports.d.ts": string(exports), "forgego.module.d.ts": string(jsglue.ModuleTypes), "right.ts": string(right)}
	// Each is refused by the number of TypeScript's error.
	wrong := map[string]struct{ code, want string }{
		"an unknown function":           {`api.addTsk({})`, "TS2551"},
		"no input":                      {`api.addTask()`, "TS2554"},
		"a member is missing":           {`api.addTask({ title: 'x', priority: 'low', estimate: 1, labels: null })`, "TS2741"},
		"a member of another type":      {`api.addTask({ title: 5, priority: 'low', estimate: 1, labels: null, done: true })`, "TS2322"},
		"a value that is no constant":   {`api.addTask({ title: '', priority: 'lowest', estimate: 1, labels: null, done: true })`, "TS2322"},
		"an unknown member":             {`api.addTask({ title: '', priority: 'low', estimate: 1, labels: null, done: true, x: 1 })`, "TS2353"},
		"a list that may be null":       {`(await api.map({ numbers: [], each: (n) => n, log: () => {} })).length`, "TS2531"},
		"a result of another type":      {`const s: string = await api.addTask({} as any); console.log(s)`, "TS2322"},
		"an input where there is none":  {`api.nothing(5)`, "TS2559"},
		"a text for bytes":              {`api.reverse('x')`, "TS2345"},
		"a callback with another type":  {`api.map({ numbers: [], each: (n) => 'x' + n, log: () => {} })`, "TS2322"},
		"a sequence as a promise":       {`(await api.count(1)).toFixed()`, "TS2339"},
		"a signal that is none":         {`api.nothing({ signal: new AbortController() })`, "TS2740"},
		"an option that does not exist": {`load('x', { gunzip: true })`, "TS2561"},
	}
	name := func(what string) string { return "wrong " + what + ".ts" }
	for what, w := range wrong {
		files[name(what)] = "import { load } from './forgego.module.js';\nimport type { Exports } from './exports.js';\n" +
			"const { exports: api } = await load<Exports>('x');\nvoid api;\nvoid (async () => {\n" + w.code + ";\n});\nexport {};\n"
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config := `{"compilerOptions":{"strict":true,"noEmit":true,"target":"es2022","module":"esnext","moduleResolution":"bundler","lib":["es2024","dom"],"types":[]},"include":["*.ts"]}`
	if err := os.WriteFile(filepath.Join(dir, "tsconfig.json"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	tsc, err := filepath.Abs("../../node_modules/.bin/tsc")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), tsc, "-p", dir, "--pretty", "false").CombinedOutput()
	if _, failed := errors.AsType[*exec.ExitError](err); err != nil && !failed {
		t.Fatalf("%v (make setup installs TypeScript)", err)
	}
	found := map[string][]string{}
	for _, line := range regexp.MustCompile(`(?m)^([^(\n]+)\(\d+,\d+\): error (TS\d+)`).FindAllStringSubmatch(string(out), -1) {
		found[filepath.Base(line[1])] = append(found[filepath.Base(line[1])], line[2])
	}
	for what, w := range wrong {
		if !slices.Equal(found[name(what)], []string{w.want}) {
			t.Errorf("%s: TypeScript says %v, want %s", what, found[name(what)], w.want)
		}
		delete(found, name(what))
	}
	if len(found) > 0 || !strings.Contains(string(out), "error TS") {
		t.Errorf("TypeScript refuses what works: %v\n%s", found, out)
	}
}
