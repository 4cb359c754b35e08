package guide

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/command"
)

// TestREADMEsFirstApp follows the section "Start from nothing" of the README: it runs its commands, writes its files, and
// uses the app.
func TestREADMEsFirstApp(t *testing.T) {
	text, _, found := strings.Cut(read(t, filepath.Join(root, "README.md")), "### Calls")
	_, text, found2 := strings.Cut(text, "### Start from nothing")
	if !found || !found2 {
		t.Fatal("the README has no such section")
	}
	clone, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	commands := strings.Replace(block(t, text, "sh"), "../forgego\n", clone+"\n", 1)
	run(t, dir, "sh", "-ec", commands)
	app := filepath.Join(dir, "here")
	_, files, _ := strings.Cut(text, "```yaml\n")
	for name, content := range map[string]string{
		"main_js.go":   block(t, text, "go"),
		"manifest.yml": block(t, text, "yaml"),
		"forgego.yml":  block(t, files, "yaml"),
	} {
		if err := os.WriteFile(filepath.Join(app, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	run(t, app, "go", "mod", "tidy")
	run(t, app, "go", "build", "./...")
	run(t, dir, forgego(t), "build", app)
	host := apphost.Serve(t, app)
	page := chromium.Open(t, host.URL()).Iframe(host.AppURL())
	page.Find("button", "Where am I?").Click()
	page.Find("button", "In here-page").WaitCount(1)
}

// TestREADMEsCalls runs the README's calls and direct requests in one app, with the README's manifest, forgego.yml and backend.
func TestREADMEsCalls(t *testing.T) {
	readme := filepath.Join(root, "README.md")
	find := func(language, text string) string {
		for _, block := range codeBlocks(t, readme, language) {
			if strings.Contains(block, text) {
				return block
			}
		}
		t.Fatalf("the README has no block of %s with %s", language, text)
		return ""
	}
	clone, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	app := t.TempDir()
	for name, content := range map[string]string{
		"go.mod":       "module example.com/tasks\n\ngo 1.26\n\nrequire github.com/forgego/forgego v0.0.0\n\nreplace github.com/forgego/forgego => " + clone + "\n",
		"manifest.yml": find("yaml", "endpoint: tasks-endpoint"),
		"forgego.yml": find("yaml", "command: [go, run, ./remote]") +
			"products:\n  jira:\n    fixtures:\n      - request: GET /rest/api/3/issue/{key}\n        file: issue.json\n",
		"issue.json":          `{"key":"DEMO-1"}`,
		"frontend/main_js.go": callsProgram(t, find("go", "bridge.InvokeRemote"), find("go", "bridge.ServerSentEvents("), find("go", "bridge.Stream["), find("go", "events.On(")),
		"remote/main.go":      strings.Replace(tasksBackend, "EXCHANGE", find("go", "remote.NewExchange("), 1),
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(app, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(app, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	run(t, app, "go", "mod", "tidy")
	url := develop(t, app)
	page := chromium.Open(t, url).Iframe(apphost.AppOrigin(t, url))
	for _, want := range []string{
		"post Bread", "get task 7", "issue DEMO-1", // the calls
		"change Milk",  // the events
		"Milk", "Salt", // the stream
	} {
		page.Wait(want, `document.getElementById("app")?.innerText.split("\n").includes(`+"`"+want+"`"+`)`)
	}
}

// callsProgram returns a program that runs the README's blocks, whose results it shows in its page.
func callsProgram(t *testing.T, calls, direct, stream, rest string) string {
	program := `package main

import (
	"context"
	"syscall/js"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/events"
	"github.com/forgego/forgego/bridge/flag"
	"github.com/forgego/forgego/bridge/modal"
	"github.com/forgego/forgego/wasm"
)

type Task struct{ Name string }

type Issue struct{ Key string }

// fmt prints into the page.
var fmt printer

type printer struct{}

func (printer) Println(texts ...string) {
	line := js.Global().Get("document").Call("createElement", "div")
	for i, text := range texts {
		if i > 0 {
			text = " " + text
		}
		line.Call("append", text)
	}
	js.Global().Get("document").Call("getElementById", "app").Call("append", line)
}

func show(v any) {
	switch v := v.(type) {
	case Task:
		fmt.Println(v.Name)
	case Issue:
		fmt.Println("issue", v.Key)
	}
}

func main() { wasm.Run(app) }

func app(ctx context.Context) error {
	for _, part := range parts {
		wasm.Go(ctx, part)
	}
	return nil
}

func direct(ctx context.Context) error {
DIRECT
	return nil
}

func stream(ctx context.Context) error {
	ctx = bridge.NewContext(ctx, bridge.New(bridge.PageHost(), bridge.WithDirect(bridge.ExchangeTokens("/token"))))
STREAM
	return nil
}

var in, task = Task{Name: "post Bread"}, Task{}

`
	parts := "var parts = []func(context.Context) error{direct, stream"
	assignment := regexp.MustCompile(`^(\w+), err := `)
	for _, block := range []struct {
		text string
		runs bool
	}{{calls, true}, {strings.ReplaceAll(rest, "{ … }", "{ return err }"), false}} {
		for line := range strings.Lines(block.text) {
			name := assignment.FindStringSubmatch(line)
			if name == nil && strings.TrimSpace(line) != "" {
				t.Fatalf("this line is not a call: %s", line)
			}
			if name == nil {
				continue
			}
			f := "func(ctx context.Context) error {\n" + line + "\nif err == nil {\nshow(" + name[1] + ")\n}\nreturn err\n}"
			if block.runs {
				parts += ", " + f
			} else {
				program += "var _ = " + f + "\n\n"
			}
		}
	}
	program = strings.Replace(program, "DIRECT", direct, 1)
	return strings.Replace(program, "STREAM", stream, 1) + parts + "}\n"
}

// tasksBackend is the backend of the calls. EXCHANGE is the README's block.
const tasksBackend = `package main

import (
	"cmp"
	"context"
	"encoding/json"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/forgego/forgego/remote"
)

type task struct{ Name string }

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /tasks", func(w http.ResponseWriter, r *http.Request) { json.NewEncoder(w).Encode([]task{{"Milk"}, {"Salt"}}) })
	mux.HandleFunc("POST /tasks", func(w http.ResponseWriter, r *http.Request) {
		var added task
		json.NewDecoder(r.Body).Decode(&added)
		json.NewEncoder(w).Encode(added)
	})
	mux.HandleFunc("GET /tasks/{id}", func(w http.ResponseWriter, r *http.Request) { json.NewEncoder(w).Encode(task{"get task " + r.PathValue("id")}) })
	mux.HandleFunc("GET /tasks/events", func(w http.ResponseWriter, r *http.Request) {
		remote.ServeEvents(w, r, func(ctx context.Context, stream *remote.EventStream) error {
			if err := stream.Send(remote.Event{Type: "change", Data: "Milk"}); err != nil {
				return err
			}
			<-ctx.Done()
			return nil
		})
	})
	verifier, err := remote.FromEnv()
	if err != nil {
		log.Fatal(err)
	}
EXCHANGE
	log.Fatal(http.ListenAndServe(net.JoinHostPort(cmp.Or(os.Getenv("HOST"), "127.0.0.1"), os.Getenv("PORT")), nil))
}
`

// develop runs forgego dev in a folder until the test ends, and returns the address of its page.
func develop(t *testing.T, dir string) (url string) {
	t.Helper()
	return command.Start(t, exec.Command(forgego(t), "dev", "--addr", "127.0.0.1:0", dir)).URL
}

// forgego builds the command and returns its path.
func forgego(t *testing.T) string {
	t.Helper()
	path, err := command.Build(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func run(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, out)
	}
}
