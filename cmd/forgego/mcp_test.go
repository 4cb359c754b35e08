package main

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/testlog"
)

// agent is a client of a running forgego mcp.
type agent struct {
	t       *testing.T
	session *mcp.ClientSession
	cmd     *exec.Cmd
	stderr  *testlog.Log
	// heard is all that the server has answered.
	heard strings.Builder
}

// startAgent runs forgego mcp on an app, and connects to it.
func startAgent(t *testing.T, dir string, variables ...string) *agent {
	t.Helper()
	a := &agent{t: t, cmd: exec.CommandContext(t.Context(), forgego, "mcp", anyAddr, dir), stderr: &testlog.Log{}}
	a.cmd.Env = append(append(os.Environ(), roleVariable+"="), variables...)
	a.cmd.Stderr = a.stderr
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), &mcp.CommandTransport{Command: a.cmd}, nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, a.stderr)
	}
	a.session = session
	t.Cleanup(func() {
		_ = session.Close()
		if t.Failed() {
			t.Logf("forgego mcp printed:\n%s", a.stderr)
		}
	})
	return a
}

// use calls a tool and decodes its answer. It returns the text of the tool's error, or "".
func (a *agent) use(tool string, arguments any, answer any) (failure string) {
	a.t.Helper()
	result, err := a.session.CallTool(a.t.Context(), &mcp.CallToolParams{Name: tool, Arguments: arguments})
	if err != nil {
		a.t.Fatalf("%s: %v", tool, err)
	}
	text := result.Content[0].(*mcp.TextContent).Text
	a.heard.WriteString(text)
	if result.IsError {
		return text
	}
	if err := json.Unmarshal([]byte(text), answer); err != nil {
		a.t.Fatalf("%s answered %s: %v", tool, text, err)
	}
	return ""
}

// must calls a tool, which must succeed.
func (a *agent) must(tool string, arguments any, answer any) {
	a.t.Helper()
	if failure := a.use(tool, arguments, answer); failure != "" {
		a.t.Fatalf("%s: %s", tool, failure)
	}
}

type agentEvents struct {
	Events []struct{ Type, Unit, Name, Status, Text string }
	Cursor int
	More   bool
	Missed int
}

// awaitBuild waits for a build with a status after a cursor, and returns the next cursor.
func (a *agent) awaitBuild(cursor int, status string) int {
	a.t.Helper()
	for {
		var got agentEvents
		a.must("events", map[string]any{"cursor": cursor, "types": []string{"build"}, "wait_seconds": 60, "limit": 1}, &got)
		if len(got.Events) == 0 {
			a.t.Fatalf("there was no build with the status %s", status)
		}
		if got.Events[0].Status == status {
			return got.Cursor
		}
		cursor = got.Cursor
	}
}

type agentStatus struct {
	Address         string
	Ready           bool
	Units           []struct{ Kind, Name, Build, Run, Address string }
	Problems        int
	Modules         []devhost.Module
	Accounts, Sites []struct {
		Number int
		Name   string
	}
	Windows []struct {
		Module        string
		Account, Site int
	}
	Cursor int
	Faults map[string]int
}

func TestAgentSeesBuilds(t *testing.T) {
	t.Parallel()
	dir := goApp(t)
	a := startAgent(t, dir)
	a.stderr.Wait(t, "ready: http://127.0.0.1:")
	var status agentStatus
	a.must("status", nil, &status)
	if !status.Ready || len(status.Units) != 1 || status.Units[0].Build != "ok" || status.Units[0].Kind != "frontend" || len(status.Windows) != 0 {
		t.Errorf("the status is %+v", status)
	}
	main := filepath.Join(dir, "frontend", "main.go")
	good, err := os.ReadFile(main)
	if err != nil {
		t.Fatal(err)
	}
	write(t, main, string(good)+"\nvar x int = \"a\"\n")
	cursor := a.awaitBuild(status.Cursor, "failed")
	var got struct {
		Problems []struct {
			ID     string
			Places []struct {
				File, Message, Source string
				Line, Column          int
			}
		}
	}
	a.must("problems", nil, &got)
	if len(got.Problems) != 1 || len(got.Problems[0].Places) != 1 {
		t.Fatalf("the problems are %+v", got)
	}
	place := got.Problems[0].Places[0]
	if filepath.Base(place.File) != "main.go" || place.Line != strings.Count(string(good), "\n")+2 || place.Column != 13 ||
		!strings.Contains(place.Message, "cannot use") || place.Source != `var x int = "a"` {
		t.Errorf("the place is %+v", place)
	}
	write(t, main, string(good))
	a.awaitBuild(cursor, "ok")
	a.must("problems", nil, &got)
	if len(got.Problems) != 0 {
		t.Errorf("the problems are still %+v", got)
	}
	a.must("status", nil, &status)
	a.must("rebuild", nil, &struct{}{})
	a.awaitBuild(status.Cursor, "ok")
}

func TestAgentTools(t *testing.T) {
	t.Parallel()
	dir := makeApp(t, "manifest.yml", plainManifest, "static/index.html", page,
		"forgego.yml", "products:\n  jira:\n    url: https://example.com\n    authorization: TEST_AUTHORIZATION\n")
	bin := t.TempDir()
	a := startAgent(t, dir, "TEST_AUTHORIZATION=Basic c2VjcmV0", "PATH="+bin)
	a.stderr.Wait(t, "ready: http://127.0.0.1:")
	tools, err := a.session.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, tool := range tools.Tools {
		names[tool.Name] = true
		schema, _ := json.Marshal(tool.InputSchema)
		if tool.Description == "" || !strings.Contains(string(schema), `"type":"object"`) {
			t.Errorf("the tool %s has the schema %s and the description %q", tool.Name, schema, tool.Description)
		}
	}
	want := []string{"call", "calls", "events", "open", "page_errors", "problems", "rebuild", "reload", "set_account", "set_faults", "set_theme", "status"}
	if got := slices.Sorted(maps.Keys(names)); !slices.Equal(got, want) {
		t.Errorf("the tools are %v, want %v", got, want)
	}

	var status agentStatus
	a.must("status", nil, &status)
	for tool, arguments := range map[string]any{"call": map[string]any{"command": "getContext"}, "set_theme": map[string]any{"theme": "dark"}, "set_account": map[string]any{"account": 2}} {
		if failure := a.use(tool, arguments, nil); !strings.Contains(failure, "no page of the app is open: open "+status.Address) {
			t.Errorf("%s without a window: %q", tool, failure)
		}
	}
	if len(status.Modules) != 1 || status.Modules[0].Key != "panel" || len(status.Accounts) != 3 || status.Accounts[1].Name != "User" || len(status.Sites) != 2 || status.Sites[1].Number != 2 {
		t.Errorf("the choices are %v, %v and %v", status.Modules, status.Accounts, status.Sites)
	}
	for _, c := range []struct {
		tool      string
		arguments map[string]any
		want      string
	}{
		{"set_account", nil, "name an account, a site or both"},
		{"set_account", map[string]any{"account": "Agent"}, "there is no account Agent; there are 1 (Administrator), 2 (User), 3 (Second user)"},
		{"open", map[string]any{"site": 3}, "there is no site 3"},
		{"open", map[string]any{"module": "other"}, `manifest.yml has no module "other"; it has panel`},
		{"open", map[string]any{"module": "panel", "view": "edit"}, `the module "panel" has one view: leave out "edit"`},
		{"open", map[string]any{"view": "edit"}, "a view needs the module that has it"},
		{"open", map[string]any{"module": "panel", "account": "User", "site": 2}, "open " + status.Address + "?account=2&module=panel&site=2"},
	} {
		if failure := a.use(c.tool, c.arguments, nil); !strings.Contains(failure, c.want) {
			t.Errorf("%s with %v: got %q, want %q", c.tool, c.arguments, failure, c.want)
		}
	}
	var faults map[string]int
	a.must("set_faults", map[string]any{"fail_next": 3, "delay_ms": 20}, &faults)
	if faults["fail_next"] != 3 || faults["delay_ms"] != 20 {
		t.Errorf("the faults are %v", faults)
	}
	a.must("set_faults", map[string]any{"fail_next": 0, "revoke": true}, &faults)
	if faults["fail_next"] != 0 || faults["delay_ms"] != 20 || faults["revocations"] != 1 {
		t.Errorf("the faults are %v", faults)
	}
	if failure := a.use("set_faults", map[string]any{"fail_next": -1}, nil); !strings.Contains(failure, "use 0 to 10000") {
		t.Errorf("negative faults: %q", failure)
	}
	if failure := a.use("set_faults", map[string]any{"fail_nxt": 1}, nil); failure == "" {
		t.Error("an unknown argument is accepted")
	}
	var events agentEvents
	a.must("events", nil, &events)
	if len(events.Events) == 0 || events.Cursor == 0 {
		t.Errorf("the events are %+v", events)
	}
	a.must("events", map[string]any{"cursor": int64(1) << 40, "limit": -5, "wait_seconds": -1}, &events)
	a.must("calls", map[string]any{"command": "invoke"}, &events)
	a.must("page_errors", nil, &events)
	a.must("reload", nil, &struct{}{})
	if failure := a.use("open", nil, nil); !strings.Contains(failure, "the browser did not start") || !strings.Contains(failure, status.Address) {
		t.Errorf("open without a browser: %q", failure)
	}
	secrets := []string{"c2VjcmV0", "#key="}
	if runtime.GOOS != "windows" { // where the browser's program is the system's
		opened := fakeBrowser(t, bin)
		a.must("open", nil, &struct{}{})
		address := openedAddress(t, opened) // Other users can read it, so it has no key.
		noRedirect := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		resp, err := noRedirect.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		before, key, ok := strings.Cut(resp.Header.Get("Location"), "#key=")
		if !ok || before != status.Address || strings.Contains(address, key) {
			t.Fatalf("the browser opened %s, which leads to %q", address, resp.Header.Get("Location"))
		}
		secrets = append(secrets, key, strings.TrimPrefix(address, status.Address))
	}
	for _, secret := range secrets {
		for where, text := range map[string]string{"an answer": a.heard.String(), "standard error": a.stderr.String()} {
			if strings.Contains(text, secret) {
				t.Errorf("%s has the secret %s:\n%s", where, secret, text)
			}
		}
	}
	if err := a.session.Close(); err != nil {
		t.Errorf("after the session, forgego ended with %v", err)
	}
}
