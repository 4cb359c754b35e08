//go:build !js

package devhost

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost/internal/testapp"
	"github.com/forgego/forgego/internal/grants"
	"github.com/forgego/forgego/internal/manifest"
)

// startDevServer runs a development server until the test ends, and returns its port. It answers with the request's target.
func startDevServer(t *testing.T) int {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, "<!doctype html><html><head><title>Live</title></head></html>")
			return
		}
		w.Header().Set("Content-Type", "text/javascript")
		io.WriteString(w, r.Method+" "+r.RequestURI)
	}))
	t.Cleanup(s.Close)
	return s.Listener.Addr().(*net.TCPAddr).Port
}

// tunnelManifest returns the app of testapp. A development server shows its resource "main", and another resource, "other",
// has files only.
func tunnelManifest(t *testing.T, port int) *manifest.Manifest {
	m := testapp.Manifest(t)
	m.Resources[0].TunnelPort = port
	m.Resources = append(m.Resources, manifest.Resource{Key: "other", Path: "static/other"})
	m.Modules[1].Views[0].Resource = "other"
	return m
}

// tunnelOrigin returns the origin of the resource "main" for the first site.
func tunnelOrigin(h *Host) string {
	return strings.TrimSuffix(h.current.Load().resourceURL("main", 1), "/")
}

func TestTunnel(t *testing.T) {
	h := startHost(t, tunnelManifest(t, startDevServer(t)), settings{})
	origin := tunnelOrigin(h)
	resp, page := testapp.Ask(t, "GET", origin+"/", "")
	if !strings.Contains(page, `<head><script src="/_bridge/bridge.js" data-host="`+h.product.Origin+`"></script><title>Live</title>`) {
		t.Errorf("the page has no bridge: %s", page)
	}
	csp := resp.Header.Get("Content-Security-Policy")
	if !strings.Contains(csp, " ws"+strings.TrimPrefix(origin, "http")+"; script-src") || !strings.Contains(csp, "frame-ancestors") {
		t.Errorf("the policy is %s", csp)
	}
	for _, c := range []struct{ path, contains string }{
		{"/src/main.js?t=1", "GET /src/main.js?t=1"},
		{"/a//b", "GET /a//b"},
		{"/main/", "GET /main/"},
		{bridgePath, "__bridge"},
		{"/__LOCALES__/i18n-info.json", "manifest.yml has no translations"},
	} {
		if _, text := testapp.Ask(t, "GET", origin+c.path, ""); !strings.Contains(text, c.contains) {
			t.Errorf("%s: got %.200s, want %s", c.path, text, c.contains)
		}
	}
	if !h.IsTunnelled("main") || h.IsTunnelled("other") {
		t.Error("IsTunnelled is wrong")
	}
}

func TestTunnelInProductPage(t *testing.T) {
	h := startHost(t, tunnelManifest(t, startDevServer(t)), settings{})
	origin := tunnelOrigin(h)
	resp, page := testapp.Ask(t, "GET", h.URL(), "")
	if !strings.Contains(page, `src="`+origin+`/"`) {
		t.Errorf("the frame does not show %s", origin)
	}
	resources := `{&#34;main&#34;:&#34;` + origin + `/&#34;,&#34;other&#34;:&#34;` + h.AppURL() + `other/&#34;}`
	if !strings.Contains(page, resources) {
		t.Errorf("the page does not have the resources %s", resources)
	}
	both := h.app.Origin + " " + origin
	if csp := resp.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-src "+both+" blob:") || !strings.Contains(csp, "img-src 'self' data: "+both) {
		t.Errorf("the policy of the product page is %s", csp)
	}
	if got := h.AppOrigins(); len(got) != 3 || got[0] != h.app.Origin || got[1] != origin {
		t.Errorf("AppOrigins returns %v", got)
	}
}

// The policy of a page depends on the site, so a resource has another origin there.
func TestTunnelOfSites(t *testing.T) {
	m := tunnelManifest(t, startDevServer(t))
	m.External.Images = []string{"https://pictures.example.com"}
	h := startHost(t, m, settings{})
	_, page := testapp.Ask(t, "GET", h.URL()+"?site=2", "")
	origins := h.AppOrigins()
	if !strings.Contains(page, `src="`+origins[2]+`/"`) || origins[1] != tunnelOrigin(h) || origins[1] == origins[2] {
		t.Fatalf("the frame on the second site does not show the last of %v", origins)
	}
	if !strings.Contains(page, h.AppURL()+"other~2/") {
		t.Error("the page does not have the other resource of the second site")
	}
	if _, err := h.current.Load().grants.Site(2).Answer(true, grants.Input{External: &grants.External{List: "images", Address: "https://pictures.example.com"}}); err != nil {
		t.Fatal(err)
	}
	for i, want := range map[int]bool{1: true, 2: false} {
		resp, _ := testapp.Ask(t, "GET", origins[i]+"/", "")
		if csp := resp.Header.Get("Content-Security-Policy"); strings.Contains(csp, "pictures.example.com") != want || csp == "" {
			t.Errorf("the policy on site %d is %s", i, csp)
		}
	}
}

func TestTunnelGuards(t *testing.T) {
	h := startHost(t, tunnelManifest(t, startDevServer(t)), settings{})
	origin := tunnelOrigin(h)
	port := origin[strings.LastIndex(origin, ":"):]
	socket := []string{"Connection", "Upgrade", "Upgrade", "websocket"}
	for _, c := range []struct {
		name, method string
		headers      []string
		status       int
	}{
		{"own page", "POST", []string{"Origin", origin}, 200},
		{"own page by localhost", "POST", []string{"Origin", "http://localhost" + port, "Host", "localhost" + port}, 200},
		{"program", "POST", nil, 200},
		{"own page's socket", "GET", append(socket, "Origin", origin), 200},
		{"app icon in the product page", "GET", []string{"Sec-Fetch-Site", "same-site", "Sec-Fetch-Mode", "no-cors", "Referer", h.URL()}, 200},
		{"foreign name", "GET", []string{"Host", "evil.example" + port}, 403},
		{"another site's socket", "GET", append(socket, "Origin", "https://evil.example"), 403},
		{"a socket of a sandbox", "GET", append(socket, "Origin", "null"), 403},
		{"another port's socket", "GET", append(socket, "Origin", "http://127.0.0.1:1"), 403},
		{"another site's form", "POST", []string{"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"}, 403},
		{"another site's script element", "GET", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"}, 403},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, text := testapp.Ask(t, c.method, origin+"/x", "", c.headers...)
			if resp.StatusCode != c.status || c.status == 403 && !strings.Contains(text, "forgego's local host") {
				t.Errorf("got %s: %s; want %d", resp.Status, text, c.status)
			}
		})
	}
}

func TestTunnelWithoutServer(t *testing.T) {
	events := make(chan Event, 10)
	port := startDevServer(t)
	m := tunnelManifest(t, freePort(t))
	m.Resources[1].TunnelPort = port
	h := startHost(t, m, settings{report: func(e Event) { events <- e }})
	resp, page := testapp.Ask(t, "GET", tunnelOrigin(h)+"/", "")
	if !strings.Contains(page, "bridge.js") || !strings.Contains(page, "<title>Tasks</title>") || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("got %s %s", resp.Status, page)
	}
	says := fmt.Sprintf("no server listens on port %d, so the files in static/main are shown", m.Resources[0].TunnelPort)
	if e := <-events; e.Type != EventTunnel || e.Unit != "resource" || e.Name != "main" || e.Status != "failed" || !strings.Contains(e.Text, says) || e.Time.IsZero() {
		t.Errorf("got %+v", e)
	}
	if err := os.RemoveAll(filepath.Join(m.Dir, "static")); err != nil {
		t.Fatal(err)
	}
	resp, text := testapp.Ask(t, "GET", tunnelOrigin(h)+"/", "")
	for _, want := range []string{fmt.Sprint(m.Resources[0].TunnelPort), `"main"`, "static/main", "npm run dev"} {
		if resp.StatusCode != http.StatusBadGateway || !strings.Contains(text, want) {
			t.Errorf("got %s %q, want the text to have %s", resp.Status, text, want)
		}
	}
	if resp, _ := testapp.Ask(t, "GET", h.current.Load().resourceURL("other", 1), ""); resp.StatusCode != http.StatusOK {
		t.Errorf("got %s", resp.Status)
	}
	if e := <-events; e.Name != "other" || e.Status != "ok" || !strings.Contains(e.Text, fmt.Sprint(port)) {
		t.Errorf("got %+v", e)
	}
}

// TestTunnelServerStarts checks that open pages show the server as soon as it listens.
func TestTunnelServerStarts(t *testing.T) {
	port := freePort(t)
	h := startHost(t, tunnelManifest(t, port), settings{})
	next, _ := openSocket(t, h)
	testapp.Ask(t, "GET", tunnelOrigin(h)+"/", "")
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if m := next(); m.Type != "refresh" || string(m.Payload) != `{"part":"app","resource":"main","version":1}` {
		t.Errorf("the window got %+v", m)
	}
}

func TestTunnelWithoutServerAndFiles(t *testing.T) {
	events := make(chan Event, 10)
	m := tunnelManifest(t, freePort(t))
	m.Resources[0].Path = "dist"
	h := startHost(t, m, settings{report: func(e Event) { events <- e }})
	testapp.Ask(t, "GET", tunnelOrigin(h)+"/", "")
	if e := <-events; e.Status != "failed" || !strings.Contains(e.Text, "the page waits for your development server") {
		t.Errorf("got %+v", e)
	}
}

func TestTunnelToOwnPort(t *testing.T) {
	port := freePort(t)
	for name, o := range map[string]settings{
		"the product page": {addr: fmt.Sprintf("127.0.0.1:%d", port)},
		"the app's pages":  {appAddr: fmt.Sprintf("127.0.0.1:%d", port)},
	} {
		h, err := newHost(tunnelManifest(t, port), o)
		if err == nil {
			h.Close()
		}
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf(`the tunnel of resource "main" leads to port %d`, port)) {
			t.Errorf("%s: got the error %v", name, err)
		}
	}
}

func TestTunnelObjects(t *testing.T) {
	m := tunnelManifest(t, startDevServer(t))
	testapp.Write(t, m.Dir, "forgego.yml", storeYAML)
	h := startHost(t, m, settings{})
	const payload = `"payload":{"allObjectMetadata":[{"length":5,"checksum":"` + helloSum + `","checksumType":"SHA256"}]}}`
	for of, want := range map[string]string{
		tunnelOrigin(h): tunnelOrigin(h), h.app.Origin: h.app.Origin, "https://evil.example": h.app.Origin, "": h.app.Origin,
	} {
		out, failed := askData(t, h, "function", `{"moduleKey":"panel","functionKey":"up","origin":"`+of+`",`+payload)
		result, _ := out["result"].(map[string]any)
		if len(result) != 1 {
			t.Fatalf("got %v, %+v", out, failed)
		}
		for address := range result {
			if !strings.HasPrefix(address, want+objectPath) {
				t.Errorf("for the page %q the address is %s, want one at %s", of, address, want)
			}
			if resp, text := testapp.Ask(t, "PUT", address, "hello"); resp.StatusCode != http.StatusOK {
				t.Errorf("got %s %s", resp.Status, text)
			}
		}
	}
}

func TestReloadTunnels(t *testing.T) {
	first, second := startDevServer(t), startDevServer(t)
	h, dir := startApp(t, settings{})
	write := func(port int) {
		testapp.Write(t, dir, "manifest.yml", strings.Replace(reloadable, "path: static/main\n", fmt.Sprintf("path: static/main\n    tunnel:\n      port: %d\n", port), 1))
	}
	with := func(port int) {
		t.Helper()
		write(port)
		if err := h.Reload(); err != nil {
			t.Fatal(err)
		}
	}
	with(first)
	origin := tunnelOrigin(h)
	if _, text := testapp.Ask(t, "GET", origin+"/x", ""); text != "GET /x" {
		t.Errorf("a new tunnel: got %s", text)
	}
	server := h.current.Load().tunnels["main"]
	if with(first); h.current.Load().tunnels["main"] != server || tunnelOrigin(h) != origin {
		t.Error("the same tunnel was opened again")
	}
	if with(second); h.current.Load().tunnels["main"].Port != second || tunnelOrigin(h) != origin {
		t.Error("another port does not change the tunnel, or it changes the origin")
	}
	write(portOf(h.app))
	if err := h.Reload(); err == nil || !strings.Contains(err.Error(), "the local host itself listens") {
		t.Errorf("a tunnel to the local host: got the error %v", err)
	}
	if _, text := testapp.Ask(t, "GET", origin+"/x", ""); text != "GET /x" {
		t.Errorf("after an error: got %s", text)
	}
	testapp.Write(t, dir, "manifest.yml", reloadable)
	if err := h.Reload(); err != nil {
		t.Fatal(err)
	}
	if resp, text := testapp.Ask(t, "GET", origin+"/x", ""); resp.StatusCode != 404 || !strings.Contains(text, "no tunnel any more") {
		t.Errorf("a removed tunnel: got %s %s", resp.Status, text)
	}
}
