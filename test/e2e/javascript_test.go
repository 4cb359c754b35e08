package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestJavaScriptApp: an app without any Go, with Atlassian's own client, works on the local host.
func TestJavaScriptApp(t *testing.T) {
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
		header.Set("Access-Control-Allow-Headers", "authorization, content-type, x-own")
		header.Set("Access-Control-Allow-Methods", "POST, PUT")
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		header.Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusAccepted)
		_ = json.NewEncoder(w).Encode(map[string]any{
			"method": r.Method, "path": r.URL.RequestURI(), "own": r.Header.Get("X-Own"), "body": string(body),
			"signed": strings.HasPrefix(r.Header.Get("Authorization"), "Bearer eyJ"),
		})
	}))
	t.Cleanup(backend.Close)

	dir := t.TempDir()
	copyFile(t, "testdata/jsapp/manifest.yml", filepath.Join(dir, "manifest.yml"))
	copyFile(t, "testdata/jsapp/static/index.html", filepath.Join(dir, "static", "index.html"))
	write(t, filepath.Join(dir, "forgego.yml"), "remotes:\n  backend:\n    url: "+backend.URL+"\n")
	bundle := exec.CommandContext(t.Context(), filepath.Join(root, "test", "node_modules", ".bin", "esbuild"), "testdata/jsapp/src/main.js",
		"--bundle", "--format=iife", "--log-level=error", "--outfile="+filepath.Join(dir, "static", "main.js"))
	if out, err := bundle.CombinedOutput(); err != nil {
		t.Fatalf("esbuild: %v (npm packages missing? run: make setup)\n%s", err, out)
	}

	h := dev(t, nil, dir)
	a := h.open(t)
	a.Wait("the app", `globalThis.app`)

	t.Run("requestRemote", func(t *testing.T) {
		wantJSON(t, a, `app.requestRemote("backend", { path: "/a?b=c", method: "PUT", headers: { "X-Own": "1" }, body: "héllo" })
			.then(async (response) => ({ status: response.status, ok: response.ok, ...(await response.json()) }))`,
			`{"body":"héllo","method":"PUT","ok":true,"own":"1","path":"/a?b=c","signed":true,"status":202}`)
	})
	t.Run("invokeRemote", func(t *testing.T) {
		wantJSON(t, a, `app.invokeRemote({ path: "/a?b=c", method: "POST", headers: { "X-Own": "1" }, body: { n: 1 } })
			.then(({ status, headers, body }) => ({ status, type: headers["content-type"] ?? headers["Content-Type"], ...body }))`,
			`{"body":"{\"n\":1}","method":"POST","own":"1","path":"/a?b=c","signed":true,"status":202,"type":"application/json"}`)
	})
	t.Run("view.getContext", func(t *testing.T) {
		wantJSON(t, a, `app.view.getContext().then(({ moduleKey, environmentType, siteUrl, extension, accountId }) =>
			({ moduleKey, environmentType, siteUrl, type: extension.type, accountId: typeof accountId }))`,
			fmt.Sprintf(`{"accountId":"string","environmentType":"DEVELOPMENT","moduleKey":"main-page","siteUrl":%q,"type":"jira:globalPage"}`, h.origin()))
	})
	t.Run("a command that the host does not have", func(t *testing.T) {
		got := a.String(`app.requestJira("/rest/api/3/myself").then(() => "done", (error) => error.message)`)
		if !strings.Contains(got, `"fetchProduct"`) {
			t.Errorf("requestJira says %s; want the command's name", got)
		}
	})
	t.Run("a remote that the manifest does not have", func(t *testing.T) {
		got := a.String(`app.requestRemote("nowhere", { path: "/" }).then(() => "done", (error) => error.message)`)
		if !strings.Contains(got, "nowhere") {
			t.Errorf("it says %s", got)
		}
	})
	a.page.Quiet()
}

// wantJSON evaluates an expression in the app and compares its value, with its members in order of their names.
func wantJSON(t *testing.T, a app, expression, want string) {
	t.Helper()
	var value any
	a.Eval(expression, &value)
	var got strings.Builder
	encoder := json.NewEncoder(&got)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(got.String()) != want {
		t.Errorf("got  %swant %s", &got, want)
	}
}
