package edge

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/supervise"
	"github.com/forgego/forgego/internal/testlog"
	"github.com/forgego/forgego/remote/remotetest"
	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/exampleapp"
)

// world is the example under "forgego dev", with a Worker as its backend.
type world struct {
	t *testing.T
	// host is the address of the product page. gate is between the pages and the Worker.
	host string
	gate *gate
	// issuer creates tokens for installations that have no page.
	issuer *remotetest.Issuer
	log    *testlog.Log
	// worker runs in dir, which also contains its database.
	worker *supervise.Process
	dir    string
	// vars are the Worker's variables.
	vars map[string]string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, gate: newGate(t), log: &testlog.Log{}, dir: t.TempDir()}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the requests that failed:\n%s\nwhat the programs printed:\n%s", &w.gate.failures, w.log)
		}
	})
	app := exampleapp.Copy(t, example, w.gate.url)
	m, err := manifest.Load(app)
	if err != nil {
		t.Fatal(err)
	}
	w.issuer = remotetest.NewIssuer(m.AppID)

	addr := freeAddr(t)
	w.start("forgego", addr, "", forgego, "dev", "--addr", addr, app)
	w.host = "http://" + addr
	w.vars = map[string]string{
		"FORGE_APP_ID":          m.AppID,
		"FORGE_JWKS_URL":        w.keys(),
		"FORGE_ALLOWED_ORIGINS": w.host + "," + apphost.AppOrigin(w.t, w.host),
		"FORGE_REMOTE_URL":      w.gate.url,
		"TASKS_KEY":             "a secret of at least thirty-two characters, for this test only",
	}
	w.setUpWorker()
	w.startWorker()
	return w
}

// open opens the product page and waits until the app has loaded its tasks.
func (w *world) open() exampleapp.App {
	w.t.Helper()
	a := exampleapp.Open(w.t, chromium, w.host)
	a.Ready()
	return a
}

// keys serves the keys of the local host and of the issuer as one set, and returns the URL of the set.
func (w *world) keys() string {
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		var all, set struct {
			Keys []json.RawMessage `json:"keys"`
		}
		resp, err := http.Get(w.host + "/.well-known/jwks.json")
		if err != nil {
			out.WriteHeader(http.StatusBadGateway)
			return
		}
		defer resp.Body.Close()
		if err := json.NewDecoder(resp.Body).Decode(&all); err != nil {
			out.WriteHeader(http.StatusBadGateway)
			return
		}
		own := httptest.NewRecorder()
		w.issuer.Handler().ServeHTTP(own, r)
		if err := json.Unmarshal(own.Body.Bytes(), &set); err != nil {
			out.WriteHeader(http.StatusBadGateway)
			return
		}
		all.Keys = append(all.Keys, set.Keys...)
		out.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(out).Encode(all)
	}))
	w.t.Cleanup(server.Close)
	return server.URL
}

// setUpWorker copies the built Worker and its configuration without the build settings, and creates its database.
func (w *world) setUpWorker() {
	w.t.Helper()
	config, err := os.ReadFile(filepath.Join(worker, "wrangler.toml"))
	if err != nil {
		w.t.Fatal(err)
	}
	text := regexp.MustCompile(`(?m)^\[build\]\n.*\n`).ReplaceAllString(string(config), "")
	if text == string(config) {
		w.t.Fatal("wrangler.toml has no build to take out")
	}
	for from, to := range map[string]string{filepath.Join(worker, "build"): "worker/build", filepath.Join(worker, "..", "tasks", "migrations"): "tasks/migrations"} {
		if err := os.CopyFS(filepath.Join(w.dir, filepath.FromSlash(to)), os.DirFS(from)); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(w.dir, "worker", "wrangler.toml"), []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
	if _, err := run(filepath.Join(w.dir, "worker"), "node", wrangler, "d1", "migrations", "apply", "tasks", "--local"); err != nil {
		w.t.Fatal(err)
	}
}

// startWorker starts the Worker with the existing database.
func (w *world) startWorker() {
	w.t.Helper()
	addr := freeAddr(w.t)
	host, port, _ := strings.Cut(addr, ":")
	args := []string{"node", wrangler, "dev", "--ip", host, "--port", port, "--inspector-port", "0"}
	for name, value := range w.vars {
		args = append(args, "--var", name+":"+value)
	}
	w.worker = w.start("worker", addr, filepath.Join(w.dir, "worker"), args...)
	w.gate.passTo(w.t, "http://"+addr)
}

// start starts a program and waits until it listens.
func (w *world) start(name, addr, dir string, command ...string) *supervise.Process {
	w.t.Helper()
	p, err := supervise.Start(supervise.Spec{Name: name, Command: command, Dir: dir, Addr: addr}, supervise.NewOutput(w.log, name))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(p.Stop)
	if err := p.Ready(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	return p
}

func freeAddr(t *testing.T) string {
	t.Helper()
	addr, err := supervise.FreeAddr()
	if err != nil {
		t.Fatal(err)
	}
	return addr
}
