package functions

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/internal/jsbundle"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/supervise"
	"github.com/forgego/forgego/internal/testlog"
)

// patience limits each wait, so that a test that fails does not hang.
const patience = time.Minute

// write writes files, given as name, text, name, text, into a folder.
func write(t testing.TB, dir string, files ...string) {
	t.Helper()
	for i := 0; i < len(files); i += 2 {
		path := filepath.Join(dir, filepath.FromSlash(files[i]))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// handlersOf returns the functions with handlers in files such as "src/index.js".
func handlersOf(files ...string) (all []manifest.Function) {
	for _, file := range files {
		module := strings.TrimSuffix(strings.TrimPrefix(file, "src/"), filepath.Ext(file))
		all = append(all, manifest.Function{Key: module, Handler: module + ".handler", File: file, Export: "handler"})
	}
	return all
}

// program runs an app's functions until the test ends.
type program struct {
	t   testing.TB
	dir string
	*Runner
	*Process
	out testlog.Log
}

func start(t testing.TB, files ...string) *program {
	t.Helper()
	p := &program{t: t, dir: t.TempDir()}
	write(t, p.dir, files...)
	r, err := NewRunner()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	p.Runner = r
	p.again()
	return p
}

// again bundles the files and starts a process with them.
func (p *program) again() {
	p.t.Helper()
	var files []string
	all, err := filepath.Glob(filepath.Join(p.dir, "src", "*"))
	if err != nil {
		p.t.Fatal(err)
	}
	for _, file := range all {
		if !strings.HasPrefix(filepath.Base(file), "_") {
			files = append(files, "src/"+filepath.Base(file))
		}
	}
	to := filepath.Join(p.dir, "built")
	if _, err := Bundle(p.dir, handlersOf(files...), to); err != nil {
		p.t.Fatal(err)
	}
	process, err := p.Start(p.dir, to, nil, supervise.NewOutput(&p.out))
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(process.Stop)
	if err := process.Ready(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
	p.Use(process)
	p.Process = process
}

// call calls index.handler with one argument.
func (p *program) call(argument any) (string, error) {
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	result, err := p.Call(ctx, Call{Label: "act", Module: "index", Export: "handler", Arguments: []any{argument, map[string]int{"second": 2}}, Fetch: p.fetch})
	return string(result), err
}

// fetch answers what handlers ask: with what they asked. It allows fetch everything but hosts that begin with "evil".
func (p *program) fetch(_ context.Context, r Request) (*Response, error) {
	switch r.Options.Type {
	case "refused":
		return nil, &Error{Name: "NO_SUCH_THING", Message: "the local host has no such thing"}
	case "egress":
		if strings.Contains(r.Path, "//evil") || strings.Contains(r.Path, "evil=1") {
			return nil, &Error{Name: "REQUEST_EGRESS_ALLOWLIST_ERR", Message: "not allowed: " + r.Path}
		}
		return &Response{Status: http.StatusNoContent}, nil
	}
	text, err := json.Marshal(r)
	return &Response{Status: http.StatusCreated, StatusText: "Created", Header: map[string]string{"content-type": "application/json"}, Body: text}, err
}

func TestCall(t *testing.T) {
	p := start(t, "src/index.js", `import { double } from './_double';
export const handler = async (what, second) => {
  console.log('called with', what);
  if (what.nothing) return undefined;
  return { twice: double(what.n), second, secret: process.env.FORGEGO_SECRET ?? null, runtime: globalThis.__forge_runtime__.appContext ?? null };
};
`, "src/_double.ts", "export const double = (n: number): number => n * 2;\n")
	for argument, want := range map[string]string{
		`{"n":21}`:         `{"twice":42,"second":{"second":2},"secret":null,"runtime":null}`,
		`{"nothing":true}`: ``,
	} {
		got, err := p.call(json.RawMessage(argument))
		if err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", argument, got, err, want)
		}
	}
	p.out.Wait(t, "functions │ called with { n: 21 }\n")
}

// The app gets the message, and the developer a stack with the lines of the sources.
func TestThrownErrors(t *testing.T) {
	p := start(t, "src/index.ts", `
interface Task { title: string }

const fails = (task?: Task) => {
  throw new TypeError(`+"`no luck with ${task?.title}`"+`);
};

export const handler = async (what: string) => {
  await null;
  if (what === 'text') throw 'only a text';
  if (what === 'cause') throw new Error('outer', { cause: new Error('inner') });
  if (what === 'not JSON') return 1n;
  if (what === 'refused') await (globalThis as any).__forge_fetch__({ type: 'refused' }, '/');
  fails({ title: what });
};
`, "src/broken.js", "throw new Error('not today');\n")
	for argument, want := range map[string][]string{
		"milk":     {"TypeError: no luck with milk", "at fails (src/index.ts:5:9)", "at handler (src/index.ts:14:3)"},
		"text":     {"Error: only a text", "only a text"},
		"cause":    {"Error: outer", "src/index.ts:11", "[cause]: Error: inner"},
		"not JSON": {"TypeError: Do not know how to serialize a BigInt"},
		"refused":  {"NO_SUCH_THING: the local host has no such thing"},
	} {
		_, err := p.call(argument)
		thrown, ok := errors.AsType[*Error](err)
		if !ok || thrown.Error() != want[0] {
			t.Errorf("%s: got %v, want %s", argument, err, want[0])
			continue
		}
		for _, part := range want[1:] {
			if !strings.Contains(thrown.Stack, part) {
				t.Errorf("%s: the stack has no %q:\n%s", argument, part, thrown.Stack)
			}
		}
		if strings.Contains(thrown.Stack, "runtime.mjs") || strings.Contains(thrown.Stack, "node:internal") {
			t.Errorf("%s: the stack has places outside of the app:\n%s", argument, thrown.Stack)
		}
	}
	p.out.Wait(t, "functions │ act failed: TypeError: no luck with milk\nfunctions │     at fails (src/index.ts:5:9)\n")

	for name, want := range map[[2]string]string{
		{"index", "other"}:    "it exports no function other; it exports handler",
		{"broken", "handler"}: "not today",
	} {
		_, err := p.Call(t.Context(), Call{Module: name[0], Export: name[1], Fetch: p.fetch})
		if thrown, ok := errors.AsType[*Error](err); !ok || thrown.Message != want {
			t.Errorf("%v: got %v, want %s", name, err, want)
		}
	}
	p.out.Wait(t, "functions │ broken cannot be loaded: Error: not today\nfunctions │     at src/broken.js (src/broken.js:1:7)\nfunctions │ act failed")
}

// A handler may end the process. The call that did it fails, and says how the process ended. Calls that did not reach it go to the next one.
// Calls that run stay with their process until they have ended.
func TestBundleFaults(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "src/index.js", "import x from 'no-such-package';\nimport './no-such-file';\nexport const handler = () => x;\n")
	_, err := Bundle(dir, handlersOf("src/index.js"), filepath.Join(dir, "built"))
	build, ok := errors.AsType[*jsbundle.BuildError](err)
	if !ok || len(build.Faults) != 2 {
		t.Fatalf("got %v", err)
	}
	f := build.Faults[0]
	if f.File != filepath.Join(dir, "src", "index.js") || f.Line != 1 || f.Column != 15 || f.Source != "import x from 'no-such-package';" || f.Message != `Could not resolve "no-such-package". package.json does not list no-such-package. Correct the name, or add the package: npm install no-such-package` {
		t.Errorf("got %+v", f)
	}
	if f := build.Faults[1]; f.Message != `Could not resolve "./no-such-file"` || f.Line != 2 {
		t.Errorf("got %+v", f)
	}
}

// A handler's file may be deleted while the app runs.
func TestBundleWithoutFile(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "src/index.js", "export const handler = () => 1;\n")
	_, err := Bundle(dir, handlersOf("src/index.js", "src/gone.js"), filepath.Join(dir, "built"))
	if _, ok := errors.AsType[*jsbundle.BuildError](err); !ok || err.Error() != "the file src/gone.js of handlers in manifest.yml does not exist" {
		t.Errorf("got %v", err)
	}
}

// A module knows its own file, as in Node.js. The bundle is a classic script, which has no import.meta.
func TestImportMeta(t *testing.T) {
	p := start(t, "src/index.ts", `import { fileURLToPath } from 'node:url';
import { createRequire } from 'node:module';
import { here } from './_sub/other.mjs';
import { text } from './_old.cjs';

const require = createRequire(import.meta.url);
export const handler = (what: string) => {
  if (what === 'fails') throw new Error('here');
  return [fileURLToPath(import.meta.url) === import.meta.filename, import.meta.filename.startsWith(import.meta.dirname), require('./_data.json'), import.meta.url, here, text];
};
`, "src/_data.json", "[1]", "src/_sub/other.mjs", "export const here = import.meta.url;\n", "src/_old.cjs", "exports.text = 'import.meta.url'; // import.meta.url\n")
	got, err := p.call("")
	if err != nil || !strings.HasPrefix(got, `[true,true,[1],"file:///`) || !strings.Contains(got, `/src/index.ts","file:///`) || !strings.HasSuffix(got, `/src/_sub/other.mjs","import.meta.url"]`) {
		t.Errorf("got %s, %v", got, err)
	}
	_, err = p.call("fails")
	if thrown, ok := errors.AsType[*Error](err); !ok || !strings.Contains(thrown.Stack, "at handler (src/index.ts:8:") {
		t.Errorf("got %+v", err)
	}
}

func TestNoNode(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	r, err := NewRunner()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := r.Start(t.TempDir(), t.TempDir(), nil, supervise.NewOutput(io.Discard)); !errors.Is(err, ErrNoNode) {
		t.Errorf("got %v", err)
	}
	if _, err := r.Call(t.Context(), Call{}); !errors.Is(err, errNotRunning) {
		t.Errorf("without a process: got %v", err)
	}
}

// The page leaves while a handler computes without end. Other calls, which wait behind it, go to the next process.
// Whatever a handler throws is an answer, also if its own code fails when it is described, or if it is large.
func TestThrownValuesThatCannotBeDescribed(t *testing.T) {
	p := start(t, "src/index.js", `const fails = () => { throw new Error('in between'); };
const hidden = Proxy.revocable({}, {});
hidden.revoke();
const inspect = Symbol.for('nodejs.util.inspect.custom');
const values = {
  'no prototype': Object.create(null),
  'toString': { toString: fails },
  'inspect': { [inspect]: fails, toString: () => 'has a text' },
  'both': { [inspect]: fails, toString: fails },
  'proxy': hidden.proxy,
  'traps': new Proxy({}, { getPrototypeOf: fails, get: fails, ownKeys: fails }),
  'symbol': Symbol('of mine'),
  'getters': Object.defineProperties(new Error('x'), { name: { get: fails }, message: { get: fails } }),
  'objects': Object.assign(new Error('x'), { name: { toString: fails }, message: Object.create(null) }),
  'large': new Error('m'.repeat(20 << 20)),
};
export const handler = async ({ value, forgotten }) => {
  if (forgotten) {
    Promise.reject(values[value]);
    await new Promise((resolve) => setTimeout(resolve, 1));
    return 'goes on';
  }
  throw values[value];
};
`)
	const unknown = "a value that cannot be described"
	for value, want := range map[string]string{
		"no prototype": "Error: [Object: null prototype] {}",
		"toString":     "Error: {",
		"inspect":      "Error: has a text",
		"both":         "Error: {",
		"proxy":        "Error: <Revoked Proxy>",
		"traps":        "Error: ",
		"symbol":       "Error: Symbol(of mine)",
		"getters":      "Error: " + unknown,
		"objects":      "Error: " + unknown,
		"large":        "Error: mmmm",
	} {
		_, err := p.call(map[string]any{"value": value})
		thrown, ok := errors.AsType[*Error](err)
		if !ok || !strings.HasPrefix(thrown.Error(), want) || len(thrown.Message)+len(thrown.Stack) > 50_000 || thrown.Stack == "" {
			t.Errorf("%s: got %.300v, want %s", value, err, want)
		}
		if got, err := p.call(map[string]any{"value": value, "forgotten": true}); got != `"goes on"` || err != nil {
			t.Errorf("%s that nothing waits for: got %s, %.300v", value, got, err)
		}
	}
	if _, err := p.call(map[string]any{"value": "large"}); err == nil || !strings.Contains(err.Error(), "characters)") {
		t.Errorf("the large message is not marked as shortened: %.300v", err)
	}
}
