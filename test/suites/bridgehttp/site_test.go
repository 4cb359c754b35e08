// Package bridgehttp tests the bridge's http.RoundTripper in Chromium. A Go program on the local host's page uses clients
// that know nothing of Forge, and a remote verifies the requests.
//
// The generator that go.mod names as a tool generates the OpenAPI client from testdata/openapi.yaml when the test begins.
// The client is compiled in a temporary folder, so the repository holds no generated code.
//
// Run it from the folder test/; Chromium must be installed:
//
//	go test -count=1 ./suites/bridgehttp
package bridgehttp

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/internal/testlog"
	"github.com/forgego/forgego/remote"
	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/harness/program"

	// The generated client imports it, and go.mod must list it.
	_ "github.com/oapi-codegen/runtime"
)

var (
	chromium *browser.Browser
	// app is the folder of the built app.
	app string
	// output is the log of the host and the remote.
	output testlog.Log
)

const appID = "ari:cloud:ecosystem::app/2f9d6c1e-8a37-4b57-9b8a-7c1f5f0f4e11"

func TestMain(m *testing.M) {
	apphost.Main(m, &chromium, func(dir string) error {
		app = filepath.Join(dir, "app")
		return buildApp(dir)
	})
}

// buildApp generates the client and builds the app. The compiler sees the generated package, and the file that uses it,
// among the app's sources.
func buildApp(dir string) error {
	generated := filepath.Join(dir, "tasks.gen.go")
	generate := exec.Command("go", "tool", "oapi-codegen", "-config", "testdata/oapi-codegen.yaml", "-o", generated, "testdata/openapi.yaml")
	if out, err := generate.CombinedOutput(); err != nil {
		return fmt.Errorf("%v: %w\n%s", generate, err, out)
	}
	user, err := filepath.Abs("testdata/openapi_js.go")
	if err != nil {
		return err
	}
	sources, err := program.Dir("bridgehttp")
	if err != nil {
		return err
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{
		filepath.Join(sources, "tasks", "tasks.gen.go"):     generated,
		filepath.Join(sources, "frontend", "openapi_js.go"): user,
	}})
	if err != nil {
		return err
	}
	overlayFile := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(overlayFile, overlay, 0o600); err != nil {
		return err
	}
	return apphost.Build(context.Background(), "bridgehttp", filepath.Join(dir, "app"),
		bundle.Options{Env: append(os.Environ(), "GOFLAGS=-overlay="+overlayFile)})
}

// site is the app on a local host with its own remote.
type site struct {
	page  *browser.Page
	frame *browser.Frame
}

func newSite(t *testing.T) *site {
	t.Helper()
	log := slog.New(slog.NewTextHandler(&output, nil))
	host := apphost.Serve(t, app, devhost.WithLogger(log))
	address := apphost.Remote(t, host, appID, "backend", newBackend(), remote.WithLogger(log), remote.WithExposedHeaders("Content-Encoding", "X-Seen"))
	if err := host.SetRemoteURL("backend", address+"/api/v1"); err != nil {
		t.Fatal(err)
	}
	page := chromium.Open(t, host.URL())
	s := &site{page: page, frame: page.Iframe(host.AppURL())}
	s.frame.Wait("the program", `globalThis.run`)
	return s
}

// run runs one of the app's programs on a way and returns its lines.
func (s *site) run(t *testing.T, way, name string) []string {
	t.Helper()
	var lines []string
	text := s.frame.String(fmt.Sprintf(`run(%q, %q)`, way, name))
	if err := json.Unmarshal([]byte(text), &lines); err != nil {
		t.Fatalf("%s, %s returns %s: %v", way, name, text, err)
	}
	return lines
}
