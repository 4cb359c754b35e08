package host

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/coder/websocket"

	"github.com/forgego/forgego/test/harness/apphost"
)

const tunnelManifest = `app:
  id: ari:cloud:ecosystem::app/11111111-2222-4333-8444-555555555555
modules:
  jira:globalPage:
    - {key: page, title: Page, resource: main}
resources:
  - key: main
    path: static
    tunnel: {port: %d}
  - key: dialog
    path: dialog
`

// devServer is a development server as vite is: it serves absolute paths, and its page connects to a web socket at the
// page's own address, by which the server reloads the page.
type devServer struct {
	version atomic.Int32
	// connected receives a value for each web socket. reload makes one page load itself again.
	connected, reload chan struct{}
}

func (s *devServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Header.Get("Upgrade") != "":
		// Accept refuses another origin than the request's host.
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"vite-hmr"}})
		if err != nil {
			return
		}
		defer c.CloseNow()
		ctx := c.CloseRead(r.Context())
		s.connected <- struct{}{}
		select {
		case <-ctx.Done():
		case <-s.reload:
			_ = c.Write(ctx, websocket.MessageText, []byte(`{"type":"full-reload"}`))
			<-ctx.Done()
		}
	case r.URL.Path == "/":
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, `<!doctype html><html><head><script type="module" src="/@vite/client"></script></head>
			<body><script type="module">globalThis.inline = true;</script><script type="module" src="/src/main.js"></script></body></html>`)
	case r.URL.Path == "/@vite/client":
		w.Header().Set("Content-Type", "text/javascript")
		io.WriteString(w, `const socket = new WebSocket("ws://" + new URL(import.meta.url).host + "/?token=1", "vite-hmr");
			socket.addEventListener("message", ({ data }) => { if (JSON.parse(data).type === "full-reload") location.reload(); });`)
	case r.URL.Path == "/src/main.js":
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprintf(w, `globalThis.version = %d;`, s.version.Load())
	default:
		http.NotFound(w, r)
	}
}

// start runs the server at an address until the test ends, or until stop is called.
func (s *devServer) start(t *testing.T, address string) (stop func()) {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	server := &httptest.Server{Listener: l, Config: &http.Server{Handler: s}}
	server.Start()
	t.Cleanup(server.Close)
	return func() {
		server.CloseClientConnections()
		server.Close()
	}
}

// TestTunnel shows an app by a development server, as vite's. The server is not there at first.
func TestTunnel(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	port := free.Addr().(*net.TCPAddr).Port
	free.Close()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"manifest.yml":      fmt.Sprintf(tunnelManifest, port),
		"static/index.html": "<!doctype html><title>Files</title><p>files</p>",
		"dialog/index.html": "<!doctype html><title>Dialog</title><p>dialog</p>",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	host := apphost.Serve(t, dir)
	page := chromium.Open(t, host.URL())
	app := page.Iframe(host.AppOrigins()[1] + "/")
	app.Wait("the files", `document.querySelector("p")?.innerText === "files"`)

	s := &devServer{connected: make(chan struct{}, 100), reload: make(chan struct{})}
	s.version.Store(1)
	s.start(t, address)
	app.Wait("the server's page", `globalThis.version === 1 && globalThis.inline && globalThis.__bridge`)
	<-s.connected
	if got := ask(app, `__bridge.callBridge("getContext").then(({moduleKey}) => moduleKey)`); got != `"page"` {
		t.Errorf("the context's module is %s", got)
	}
	s.version.Store(2)
	s.reload <- struct{}{}
	app.Wait("the page that the server has reloaded", `globalThis.version === 2`)

	// Dialogs have the origin of their resource.
	app.Eval(`__bridge.callBridge("openModal", {resource: "dialog"}), 0`, nil)
	dialog := page.Iframe(host.AppURL() + "dialog/")
	dialog.Wait("the dialog", `document.querySelector("p")?.innerText === "dialog" && globalThis.__bridge`)
	dialog.Eval(`__bridge.callBridge("openModal", {resource: "main"}), 0`, nil)
	page.Wait("a dialog in the dialog", `document.querySelectorAll("dialog iframe").length === 2`)
	<-s.connected // of the page that was reloaded
	<-s.connected // of the dialog
	if text := page.ConsoleText("error"); strings.TrimSpace(text) != "" {
		t.Errorf("the console has errors: %s", text)
	}
	page.Quiet()
}
