package edge

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/supervise"
	"github.com/forgego/forgego/remote/remotetest"
)

// world is the example under forgego dev, with a Worker as its backend.
type world struct {
	t *testing.T
	// host is the product page's address, and gate stands between the pages and the Worker.
	host string
	gate *gate
	// issuer makes tokens of installations that no page has.
	issuer *remotetest.Issuer
	log    *output
	// worker runs in dir, which also has its database.
	worker *supervise.Process
	dir    string
	// vars are the Worker's variables.
	vars map[string]string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, gate: newGate(t), log: &output{}, dir: t.TempDir()}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("what the programs printed:\n%s", w.log)
		}
	})
	app := copyOfExample(t, w.gate.url)
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
		"FORGE_ALLOWED_ORIGINS": w.host + "," + w.appOrigin(),
		"TASKS_URL":             w.gate.url,
		"TASKS_KEY":             "a secret of at least thirty-two characters, for this test only",
	}
	w.setUpWorker()
	w.startWorker()
	return w
}

// keys serves the keys of the local host and of the issuer as one set, and returns its URL.
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

// setUpWorker copies the Worker as it is built, with its configuration but for the build, and makes its database.
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
	copyFolder(w.t, filepath.Join(worker, "build"), filepath.Join(w.dir, "worker", "build"))
	copyFolder(w.t, filepath.Join(worker, "..", "tasks", "migrations"), filepath.Join(w.dir, "tasks", "migrations"))
	if err := os.WriteFile(filepath.Join(w.dir, "worker", "wrangler.toml"), []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
	if _, err := run(filepath.Join(w.dir, "worker"), "node", wrangler, "d1", "migrations", "apply", "tasks", "--local"); err != nil {
		w.t.Fatal(err)
	}
}

// startWorker starts the Worker over the database that there is.
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

// appOrigin gives the origin of the app's pages, which the product page's policy names.
func (w *world) appOrigin() string {
	w.t.Helper()
	response, err := http.Get(w.host)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	origin := regexp.MustCompile(`frame-src (http://127\.0\.0\.1:\d+)`).FindStringSubmatch(response.Header.Get("Content-Security-Policy"))
	if origin == nil {
		w.t.Fatal("the product page's policy names no frame")
	}
	return origin[1]
}

// output is what the programs print.
type output struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.all.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.all.String()
}

func freeAddr(t *testing.T) string {
	t.Helper()
	addr, err := supervise.FreeAddr()
	if err != nil {
		t.Fatal(err)
	}
	return addr
}

// copyOfExample makes an app of the example's files, with its front end as it is built, whose remote runs at address.
// Its host has no realtime, so that the Worker tells the pages of changes.
func copyOfExample(t *testing.T, address string) string {
	t.Helper()
	dir := t.TempDir()
	copyFile(t, filepath.Join(example, "manifest.yml"), filepath.Join(dir, "manifest.yml"))
	copyFolder(t, filepath.Join(example, "static"), filepath.Join(dir, "static"))
	copyFolder(t, filepath.Join(example, "locales"), filepath.Join(dir, "locales"))
	if err := os.WriteFile(filepath.Join(dir, "forgego.yml"), []byte("realtime: off\nremotes:\n  tasks-api:\n    url: "+address+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// copyFolder copies the files of a folder that has no folders.
func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	entries, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		copyFile(t, filepath.Join(from, entry.Name()), filepath.Join(to, entry.Name()))
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	source, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	target, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	defer target.Close()
	if _, err := io.Copy(target, source); err != nil {
		t.Fatal(err)
	}
}
