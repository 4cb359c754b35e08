package devloop

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/supervise"
	"github.com/forgego/forgego/internal/testlog"
)

const (
	// withServer is a forgego.yml whose front end has a development server.
	withServer = "frontends:\n  main:\n    command: [go, run, .]\n    dir: web\n"
	// serverText is a development server. It reads its page from a file.
	serverText = `package main

import (
	"fmt"
	"net/http"
	"os"
)

func main() {
	if _, err := os.Stat("broken.json"); err == nil {
		fmt.Println("broken.json is broken")
		os.Exit(3)
	}
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, "<!doctype html><head></head>the server")
	})
	http.HandleFunc("/exit", func(http.ResponseWriter, *http.Request) { os.Exit(4) })
	fmt.Println("the server prints this")
	fmt.Println(http.ListenAndServe(os.Getenv("HOST")+":"+os.Getenv("PORT"), nil))
}
`
)

// newServerApp writes an app whose front end has a development server. files replace or add files of it.
func newServerApp(t *testing.T, files ...string) (r *running, port string) {
	t.Helper()
	addr, err := supervise.FreeAddr()
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ = net.SplitHostPort(addr)
	r = newApp(t, append([]string{
		"manifest.yml", strings.Replace(manifestText, "    path: static\n", "    path: static\n    tunnel: {port: "+port+"}\n", 1),
		"forgego.yml", withServer, "web/main.go", serverText,
	}, files...)...)
	return r, port
}

// untilShown waits until the app's page is the server's.
func (r *running) untilShown(text string) {
	r.t.Helper()
	r.until("the page shows "+text, func() bool { return strings.Contains(r.get(r.Host().AppOrigins()[1]+"/"), text) })
}

func TestServerIsStartedAndStartedAgain(t *testing.T) {
	t.Parallel()
	r, port := newServerApp(t)
	var output testlog.Log
	r.run(Options{Output: &output})
	ready := r.waitFor(EventBackend, "main", "ready")
	if ready.Unit != "server" || ready.Text != "http://localhost:"+port {
		t.Errorf("got the event %+v", ready)
	}
	r.waitFor(EventReady, "", "")
	r.untilShown("the server")
	if page := r.get(r.Host().AppOrigins()[1] + "/"); !strings.Contains(page, "/_bridge/bridge.js") {
		t.Errorf("the page has no bridge: %s", page)
	}
	if text := output.String(); !strings.Contains(text, "main │ the server prints this\n") {
		t.Errorf("the output is %q", text)
	}
	for range 3 {
		r.skip()
		r.get("http://127.0.0.1:" + port + "/exit")
		failed := r.waitFor(EventBackend, "main", "failed")
		if !strings.Contains(failed.Text, "front end main ended: exit status") || !strings.Contains(failed.Text, "forgego starts it again") {
			t.Errorf("got the event %+v", failed)
		}
		r.waitFor(EventBackend, "main", "ready")
		r.waitForNoProblems()
		r.untilShown("the server")
	}
	r.end()
	if !supervise.IsFree("127.0.0.1:" + port) {
		t.Error("the server's program, which go run has started, still runs")
	}
}

func TestServerThatDoesNotStart(t *testing.T) {
	t.Parallel()
	r, _ := newServerApp(t, "web/broken.json", "{}", "web/package.json", `{"dependencies":{"missing-package":"1"}}`, "web/node_modules/.package-lock.json", "{}")
	r.run(Options{})
	r.waitFor(EventReady, "", "")
	r.untilProblem("server main", "broken.json is broken")
	r.untilProblem("server main", "not installed: missing-package. Run npm install in "+filepath.Join(r.dir, "web"))
	r.remove("web/broken.json") // which starts it again
	r.waitFor(EventBackend, "main", "ready")
	r.waitForNoProblems()

	// A file that is saved while it runs does not restart it, but another command in forgego.yml does.
	r.skip()
	r.write("web/package.json", "{}")
	r.write("static/style.css", "p {}")
	r.waitFor(EventReload, "main", string(devhost.StyleSheets))
	r.write("forgego.yml", strings.Replace(withServer, "run, .", "run, ., again", 1))
	if e := r.wait("an event of the server", func(e devhost.Event) bool { return e.Type == EventBackend }); e.Text != "go run . again" {
		t.Errorf("got the event %+v", e)
	}
	r.waitFor(EventBackend, "main", "ready")
	r.write("forgego.yml", "")
	r.waitFor(EventBackend, "main", "stopped")
}

func TestServerWithoutItsPackages(t *testing.T) {
	t.Parallel()
	for lock, install := range map[string]string{"package-lock.json": "npm install", "pnpm-lock.yaml": "pnpm install", "yarn.lock": "yarn install"} {
		r, _ := newServerApp(t, "web/package.json", `{"devDependencies":{"vite":"8"}}`, "web/"+lock, "")
		r.run(Options{})
		r.waitFor(EventReady, "", "")
		p := r.problems.get("server main")
		if want := "Run " + install + " in " + filepath.Join(r.dir, "web"); p.Title != "The npm packages are not installed." || !strings.Contains(p.Text, want) {
			t.Errorf("%s: got %+v, want %q", lock, p, want)
		}
		r.write("web/node_modules/.package-lock.json", "{}") // as npm does it at the end
		r.waitFor(EventBackend, "main", "ready")
		r.waitForNoProblems()
		r.end()
	}
}

func TestServerWhosePortIsTaken(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"127.0.0.1", "::1"} {
		r, port := newServerApp(t)
		other, err := net.Listen("tcp", net.JoinHostPort(host, port))
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		r.run(Options{})
		r.waitFor(EventReady, "", "")
		p := r.problems.get("server main")
		if want := fmt.Sprintf("Port %s is used by another program.", port); p.Title != want {
			t.Errorf("%s: got %+v, want %s", host, p, want)
		}
		other.Close()
		r.waitFor(EventBackend, "main", "ready")
		r.waitForNoProblems()
		r.end()
	}
}

// TestServerOnAnotherPort checks what the developer is told, and that the server is used as soon as it listens.
func TestServerOnAnotherPort(t *testing.T) {
	t.Parallel()
	r, port := newServerApp(t, "web/main.go", strings.Replace(serverText, "\thttp.HandleFunc(\"/\"", `	for {
		if _, err := os.Stat("listen"); err == nil {
			break
		}
	}
	http.HandleFunc("/"`, 1))
	r.run(Options{}, func(l *Loop) { l.readyNotice = time.Millisecond })
	r.waitFor(EventReady, "", "")
	r.untilProblem("server main", "does not listen on port "+port+" yet")
	r.untilProblem("server main", "the tunnel.port of the resource in manifest.yml")
	r.write("web/listen", "")
	r.waitFor(EventBackend, "main", "ready")
	r.waitForNoProblems()
	r.untilShown("the server")
}

func TestServerThatIsNoProgram(t *testing.T) {
	t.Parallel()
	r, _ := newServerApp(t, "forgego.yml", strings.Replace(withServer, "[go, run, .]", "[no-such-program-of-anybody]", 1))
	r.run(Options{})
	r.waitFor(EventReady, "", "")
	r.untilProblem("server main", "no-such-program-of-anybody: executable file not found")
	r.write("forgego.yml", withServer)
	r.waitFor(EventBackend, "main", "ready")
	r.waitForNoProblems()
}

// With NoWatch nothing is started again, so the first failure ends the loop.
func TestServerThatDoesNotStartWithoutWatch(t *testing.T) {
	t.Parallel()
	r, _ := newServerApp(t, "web/broken.json", "{}")
	l, err := New(Options{Dir: r.dir, NoWatch: true, Report: r.record})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "front end main ended: exit status") {
		t.Errorf("got %v", err)
	}
}

func TestPackagesOf(t *testing.T) {
	dir := t.TempDir()
	for text, want := range map[string]string{
		`{"dependencies":{"b":"1","@c/d":"2"},"devDependencies":{"a":"1","b":"1"}}`: "@c/d a b",
		`{"dependencies":{"../../etc":"1","/a":"1"}}`:                               "",
		`{"dependencies":["a"]}`:                                                    "", `{`: "", `null`: "", ``: "",
	} {
		if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(packagesOf(dir), " "); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

// A server that writes a file of its project, and ends before it listens, must not be started without a pause. A person who saves a
// file does not wait.
func TestServerThatWritesItsOwnFiles(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]string{"and ends": "end()", "and ends later": "setTimeout(end, 200)"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testServerThatWrites(t, end)
		})
	}
}

func testServerThatWrites(t *testing.T, end string) {
	program := "const fs = require('fs'), end = () => process.exit(fs.existsSync('stop.json') ? 5 : 3); fs.writeFileSync('own.json', String(performance.timeOrigin)); " + end
	r, _ := newServerApp(t, "forgego.yml", strings.Replace(withServer, "[go, run, .]", fmt.Sprintf("[node, -e, %q]", program), 1))
	var mu sync.Mutex
	var starts []time.Time
	r.hear = func(e devhost.Event) {
		if e.Type == EventBackend && e.Status == "starting" {
			mu.Lock()
			defer mu.Unlock()
			starts = append(starts, time.Now())
		}
	}
	r.run(Options{})
	// 0.1 + 0.2 + 0.4 + 0.8 s of pauses
	r.until("5 starts", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(starts) >= 5
	})
	if took := starts[4].Sub(starts[0]); took < 1500*time.Millisecond {
		t.Errorf("5 starts took %v, want at least 1.5 s", took)
	}
	r.write("web/stop.json", "")
	r.untilProblem("server main", "exit status 5")
}
