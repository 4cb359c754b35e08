// Package agent tests what an agent does with an app by "forgego mcp" and an open page in Chromium.
package agent

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/harness/command"
)

var (
	chromium *browser.Browser
	// forgego is the path of the command.
	forgego string
)

func TestMain(m *testing.M) {
	apphost.Main(m, &chromium, func(dir string) (err error) {
		forgego, err = command.Build(dir)
		return err
	})
}

// jwt has the form of a token.
const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl"

var files = map[string]string{
	"manifest.yml": `app:
  id: ari:cloud:ecosystem::app/11111111-2222-4333-8444-555555555555
modules:
  jira:issuePanel:
    - key: panel
      title: Panel
      resource: main
      resolver:
        function: resolver
  jira:globalPage:
    - key: page
      title: Page
      resource: main
function:
  - key: resolver
    handler: index.handler
resources:
  - key: main
    path: static
`,
	"forgego.yml":       "functions:\n  getText:\n    file: text.json\n",
	"text.json":         `{"text":"hello","session":"` + jwt + `"}`,
	"static/index.html": `<!doctype html><html lang="en"><head><title>App</title></head><body><p id="shown">Shown</p><script src="app.js"></script></body></html>`,
	"static/app.js":     `setTimeout(() => { throw new Error("broken ` + jwt + `"); });`,
}

// session is an agent's, for an app whose page is open.
type session struct {
	t *testing.T
	*mcp.ClientSession
	address string
	// heard is all that the agent got.
	heard strings.Builder
}

func start(t *testing.T) *session {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(forgego, "mcp", "--addr", "127.0.0.1:0", dir)
	cmd.Stderr = os.Stderr
	client, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), &mcp.CommandTransport{Command: cmd}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.Close(); err != nil {
			t.Errorf("forgego mcp ended with %v", err)
		}
	})
	s := &session{t: t, ClientSession: client}
	var status struct{ Address string }
	s.use("status", nil, &status)
	s.address = status.Address
	return s
}

// use calls a tool and decodes its answer. It returns the text of an error.
func (s *session) use(tool string, arguments, answer any) (failure string) {
	s.t.Helper()
	result, err := s.CallTool(s.t.Context(), &mcp.CallToolParams{Name: tool, Arguments: arguments})
	if err != nil {
		s.t.Fatalf("%s: %v", tool, err)
	}
	text := result.Content[0].(*mcp.TextContent).Text
	s.heard.WriteString(text + "\n")
	if result.IsError {
		return text
	}
	if err := json.Unmarshal([]byte(text), answer); err != nil {
		s.t.Fatalf("%s answered %s: %v", tool, text, err)
	}
	return ""
}

// openPage opens the product page of a module and waits for the app in it.
func (s *session) openPage(module string) *browser.Page {
	s.t.Helper()
	page := chromium.Open(s.t, s.address+"?module="+module)
	page.Wait("the app to be connected", `document.getElementById("traffic-state")?.textContent === "Connected"`)
	return page
}

type callAnswer struct {
	Answer struct {
		ModuleKey string
		Text      string
		Session   string
	}
}

type found struct {
	Events []struct {
		Type, Name, Status, Text, Module string
		Account, Site                    int
		Answer                           json.RawMessage
	}
	Cursor int
}

func TestAgentDrivesThePage(t *testing.T) {
	s := start(t)
	page := s.openPage("panel")

	var got callAnswer
	if failure := s.use("call", map[string]any{"command": "getContext"}, &got); failure != "" || got.Answer.ModuleKey != "panel" {
		t.Errorf("getContext: %q, %+v", failure, got)
	}
	invoke := map[string]any{"command": "invoke", "payload": map[string]any{"functionKey": "getText", "payload": map[string]any{}}}
	if failure := s.use("call", invoke, &got); failure != "" || got.Answer.Text != "hello" || got.Answer.Session != "[hidden token]" {
		t.Errorf("invoke: %q, %+v", failure, got)
	}
	if failure := s.use("call", map[string]any{"command": "fetchAnything"}, &got); !strings.Contains(failure, `no bridge command "fetchAnything"`) {
		t.Errorf("an unknown command: %q", failure)
	}

	var calls found
	s.use("calls", map[string]any{"command": "invoke", "wait_seconds": 60}, &calls)
	if len(calls.Events) != 1 || calls.Events[0].Status != "ok" || calls.Events[0].Module != "panel" || !strings.Contains(string(calls.Events[0].Answer), "[hidden token]") {
		t.Errorf("the calls are %+v", calls)
	}
	var errors found
	s.use("page_errors", map[string]any{"wait_seconds": 60}, &errors)
	if len(errors.Events) == 0 || !strings.Contains(errors.Events[0].Text, "broken [hidden token]") {
		t.Errorf("the page's errors are %+v", errors)
	}

	for _, theme := range []string{"dark", "light"} {
		if failure := s.use("set_theme", map[string]any{"theme": theme}, &struct{}{}); failure != "" {
			t.Errorf("set_theme: %s", failure)
		}
		if mode := page.String(`document.documentElement.dataset.mode`); mode != theme {
			t.Errorf("the page's theme is %q, want %q", mode, theme)
		}
	}
	if failure := s.use("set_theme", map[string]any{"theme": "pink"}, nil); !strings.Contains(failure, "light, dark or auto") {
		t.Errorf("an unknown theme: %q", failure)
	}

	app := page.Iframe(page.String(`new URL(document.querySelector("iframe").src).origin`))
	app.Eval(`(shown.textContent = "Old", true)`, new(bool))
	s.use("reload", nil, &struct{}{})
	app.Wait("the app's page to be loaded again", `document.getElementById("shown")?.textContent === "Shown"`)

	if heard := s.heard.String(); strings.Contains(heard, jwt) {
		t.Errorf("the agent got a token:\n%s", heard)
	}
}

// Commands go to the window that was opened or used last.
func TestAgentUsesTheLatestWindow(t *testing.T) {
	s := start(t)
	first := s.openPage("panel")
	s.openPage("page")
	var got callAnswer
	if s.use("call", map[string]any{"command": "getContext"}, &got); got.Answer.ModuleKey != "page" {
		t.Errorf("the call was made in the module %q, want the one that was opened last", got.Answer.ModuleKey)
	}
	first.Eval(`(window.dispatchEvent(new Event("focus")), true)`, new(bool))
	first.Until("the first window to be the one used last", func(context.Context) (bool, error) {
		s.use("call", map[string]any{"command": "getContext"}, &got)
		return got.Answer.ModuleKey == "panel", nil
	})
	var status struct{ Windows []shown }
	if s.use("status", nil, &status); !slices.Equal(status.Windows, []shown{{"panel", 1, 1}, {"page", 1, 1}}) {
		t.Errorf("the status has the windows %v", status.Windows)
	}
}

// shown is what a window shows.
type shown struct {
	Module        string
	Account, Site int
}

func TestAgentSetsTheAccount(t *testing.T) {
	s := start(t)
	page := s.openPage("page")
	type place struct{ AccountID, CloudID, ModuleKey string }
	var first struct{ Answer place }
	s.use("call", map[string]any{"command": "getContext"}, &first)
	var got struct{ Context place }
	if failure := s.use("set_account", map[string]any{"account": "User", "site": 2}, &got); failure != "" {
		t.Fatalf("set_account: %s", failure)
	}
	if c := got.Context; c.AccountID == "" || c.AccountID == first.Answer.AccountID || c.CloudID == "" || c.CloudID == first.Answer.CloudID || c.ModuleKey != "page" {
		t.Errorf("the context is %+v, and was %+v", c, first.Answer)
	}
	if query := page.String(`location.search`); query != "?module=page&account=2&site=2" {
		t.Errorf("the page has the address %s", query)
	}
	var status struct{ Windows []shown }
	page.Until("the old page to be closed", func(context.Context) (bool, error) {
		s.use("status", nil, &status)
		return slices.Equal(status.Windows, []shown{{"page", 2, 2}}), nil
	})
	var calls found
	for {
		s.use("calls", map[string]any{"cursor": calls.Cursor, "wait_seconds": 60}, &calls)
		if len(calls.Events) == 0 {
			t.Fatal("no call was reported for the second account and site")
		}
		if last := calls.Events[len(calls.Events)-1]; last.Account == 2 && last.Site == 2 && last.Module == "page" {
			break
		}
	}
	if failure := s.use("set_account", map[string]any{"account": 1}, &got); failure != "" || got.Context.AccountID != first.Answer.AccountID || got.Context.CloudID == first.Answer.CloudID {
		t.Errorf("the first account on the second site: %q, %+v", failure, got.Context)
	}
}
