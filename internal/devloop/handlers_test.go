package devloop

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/forgego/forgego/devhost"
)

// handlersManifest is that of an app whose page calls src/index.js. It has nothing to build.
const handlersManifest = `app:
  id: ari:cloud:ecosystem::app/11111111-2222-4333-8444-555555555555
modules:
  jira:issuePanel:
    - key: panel
      title: Panel
      resource: main
      resolver:
        function: resolver
  function:
    - key: resolver
      handler: index.handler
resources:
  - key: main
    path: static
`

// handlerText is a resolver that answers with a word.
func handlerText(word string) string {
	return `export const handler = async ({ call, context }, { principal }) => {
  if (call.functionKey === 'exit') process.exit(3);
  if (call.functionKey === 'who') return [principal.accountId === context.accountId, context.moduleKey, process.env.JIRA_TOKEN ?? null];
  return '` + word + ` ' + call.payload;
};
`
}

func runHandlers(t *testing.T, files ...string) *running {
	t.Helper()
	r := newApp(t, append([]string{"manifest.yml", handlersManifest, "forgego.yml", "", "src/index.js", handlerText("first")}, files...)...)
	r.run(Options{})
	return r
}

// invoke calls a function as the product page does, and returns the result as JSON, or the error.
func (r *running) invoke(function string, payload any) string {
	r.t.Helper()
	body, err := json.Marshal(map[string]any{"moduleKey": "panel", "functionKey": function, "payload": payload})
	if err != nil {
		r.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.Host().URL()+"_host/function", strings.NewReader(string(body)))
	if err != nil {
		r.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Origin", strings.TrimSuffix(r.Host().URL(), "/"))
	resp, err := http.DefaultClient.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	var out struct {
		Result json.RawMessage
		Error  struct{ Message string }
	}
	if err != nil || json.Unmarshal(text, &out) != nil {
		r.t.Fatalf("got %s %s, %v", resp.Status, text, err)
	}
	if out.Error.Message != "" {
		return "error: " + out.Error.Message
	}
	return string(out.Result)
}

// invokes checks the result of the function "say".
func (r *running) invokes(want string) {
	r.t.Helper()
	if got := r.invoke("say", "words"); got != want {
		r.t.Errorf("got %s, want %s", got, want)
	}
}

// The app's own handlers answer where forgego.yml says nothing else, and a saved file counts for the next call.
func TestHandlers(t *testing.T) {
	t.Setenv("JIRA_TOKEN", "Basic secret")
	r := runHandlers(t, "forgego.yml", "products:\n  jira:\n    url: https://example.atlassian.net\n    authorization: JIRA_TOKEN\n")
	r.waitFor(EventBackend, "functions", "ready")
	r.invokes(`"first words"`)
	if got, want := r.invoke("who", nil), `[true,"panel",""]`; got != want {
		t.Errorf("the account, the module and the credentials: got %s, want %s", got, want)
	}
	t.Run("a saved file", func(t *testing.T) {
		r.skip()
		r.write("src/index.js", handlerText("second"))
		r.waitFor(EventBackend, "functions", "ready")
		r.invokes(`"second words"`)
	})
	t.Run("a file that it imports", func(t *testing.T) {
		r.write("shared/word.ts", "export const word: string = 'third';\n")
		r.skip()
		r.write("src/index.js", "import { word } from '../shared/word';\n"+strings.Replace(handlerText("X"), "'X '", "word + ' '", 1))
		r.waitFor(EventBackend, "functions", "ready")
		r.invokes(`"third words"`)
		r.quiet()
		r.skip()
		r.write("shared/word.ts", "export const word: string = 'fourth';\n")
		r.waitFor(EventBackend, "functions", "ready")
		r.invokes(`"fourth words"`)
	})
	t.Run("a mistake", func(t *testing.T) {
		r.write("shared/word.ts", "export const word: string = ;\n")
		r.untilProblem("functions", filepath.Join(r.dir, "shared", "word.ts")+`:1: Unexpected ";"`)
		r.invokes(`"fourth words"`)
		r.write("shared/word.ts", "export const word = 'fifth';\n")
		r.waitForNoProblems()
		r.invokes(`"fifth words"`)
	})
	t.Run("the process ends", func(t *testing.T) {
		if got := r.invoke("exit", nil); !strings.Contains(got, "the app's functions ended: exit status 3") {
			t.Errorf("got %s", got)
		}
		r.invokes(`"fifth words"`)
	})
	t.Run("answers in forgego.yml", func(t *testing.T) {
		r.skip()
		r.write("forgego.yml", "functions:\n  other: {file: other.json}\n")
		r.write("other.json", `"from a file"`)
		r.waitFor(EventBackend, "functions", "stopped")
		if got := r.invoke("say", nil); !strings.Contains(got, "say: run") {
			t.Errorf("got %s", got)
		}
		r.write("forgego.yml", "functions:\n  other: {file: other.json}\n  \"*\": run\n")
		r.waitFor(EventBackend, "functions", "ready")
		r.invokes(`"fifth words"`)
		if got := r.invoke("other", nil); got != `"from a file"` {
			t.Errorf("got %s", got)
		}
	})
}

// A handler may be written while the app runs, get another extension, and be removed.
func TestHandlerFiles(t *testing.T) {
	t.Parallel()
	r := newApp(t, "manifest.yml", handlersManifest, "forgego.yml", "")
	r.run(Options{})
	r.waitFor(EventReady, "", "")
	if got := r.invoke("say", nil); !strings.Contains(got, "Nothing answers") {
		t.Errorf("without a handler: got %s", got)
	}
	r.write("src/index.js", handlerText("first"))
	r.waitFor(EventBackend, "functions", "ready")
	r.invokes(`"first words"`)
	r.write("src/index.ts", strings.ReplaceAll(handlerText("typed"), "{ call, context }", "{ call, context }: any"))
	r.waitFor(EventBackend, "functions", "ready")
	r.invokes(`"typed words"`)
	r.skip()
	r.remove("src")
	r.waitFor(EventBackend, "functions", "stopped")
	r.waitForNoProblems()
	if got := r.invoke("say", nil); !strings.Contains(got, "Nothing answers") {
		t.Errorf("after its end: got %s", got)
	}
}

// Calls that come while Node.js starts wait for it.
func TestHandlersThatStart(t *testing.T) {
	t.Parallel()
	r := newApp(t, "manifest.yml", handlersManifest, "forgego.yml", "functions: run\n", "src/index.js", "const until = Date.now() + 300; while (Date.now() < until);\n"+handlerText("first"))
	var once sync.Once
	answered := make(chan string, 1)
	r.hear = func(e devhost.Event) {
		if e.Type == EventBackend && e.Status == "starting" {
			once.Do(func() { go func() { answered <- r.invoke("say", "words") }() })
		}
	}
	r.run(Options{})
	if got := <-answered; got != `"first words"` {
		t.Errorf("got %s", got)
	}
}

// Files that cannot be bundled or loaded do not keep the rest from running.
func TestHandlersThatAreWrongFromTheStart(t *testing.T) {
	t.Parallel()
	r := runHandlers(t, "src/index.js", "import '@forge/resolver';\n")
	r.waitFor(EventReady, "", "")
	r.untilProblem("functions", "npm install")
	if got := r.invoke("say", nil); !strings.Contains(got, "could not be called") || !strings.Contains(got, "npm install") {
		t.Errorf("got %s", got)
	}
	r.write("src/index.js", "process.exit(4);\n")
	r.untilProblem("functions", "the app's functions ended: exit status 4")
	r.write("src/index.js", handlerText("first"))
	r.waitForNoProblems()
	r.invokes(`"first words"`)
}

// Without Node.js everything else works, and it is said once.
func TestHandlersWithoutNode(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	r := runHandlers(t)
	r.waitFor(EventReady, "", "")
	r.Rebuild()
	r.waitFor(EventBuild, "functions", "ok")
	if got := r.invoke("say", nil); !strings.Contains(got, "Install Node.js 20 or newer") {
		t.Errorf("got %s", got)
	}
	said := 0
	for _, e := range r.recorded() {
		if e.Type == EventLog && strings.Contains(e.Text, "Node.js is not installed") {
			said++
		}
	}
	if said != 1 || len(r.Problems()) > 0 {
		t.Errorf("said %d times; the problems are %+v", said, r.Problems())
	}
}

// Code whose first run does not end does not keep the rest waiting, and a saved file helps.
func TestHandlersThatAreNeverLoaded(t *testing.T) {
	t.Parallel()
	r := newApp(t, "manifest.yml", handlersManifest, "forgego.yml", "functions: run\n", "src/index.js", "for (;;);\n"+handlerText("first"))
	r.run(Options{}, func(l *Loop) { l.readyNotice = time.Millisecond })
	r.waitFor(EventReady, "", "")
	r.untilProblem("functions", "the code of src/index.js, or of a file that it imports, has not been loaded within 1ms")
	if got := r.invoke("say", nil); !strings.Contains(got, "has not been loaded within") {
		t.Errorf("got %s", got)
	}
	r.write("src/index.js", handlerText("first"))
	r.waitForNoProblems()
	r.invokes(`"first words"`)
	r.write("src/index.js", "for (;;);\n"+handlerText("second"))
	r.untilProblem("functions", "has not been loaded within")
	r.write("src/index.js", handlerText("third"))
	r.waitForNoProblems()
	r.invokes(`"third words"`)
}
