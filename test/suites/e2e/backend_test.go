package e2e

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/exampleapp"
)

// world is the example with a recorder in front of its backend. The test itself starts and stops the backend.
type world struct {
	t        *testing.T
	host     *host
	recorder *recorder
	backend  *process
	database string
	manifest *manifest.Manifest
}

// newWorld starts everything. args are more arguments for the command.
func newWorld(t *testing.T, args ...string) *world {
	t.Helper()
	recorder := newRecorder(t)
	dir := exampleapp.Copy(t, example, recorder.url())
	m, err := manifest.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{
		t:        t,
		host:     dev(t, nil, append(args, dir)...),
		recorder: recorder,
		database: filepath.Join(t.TempDir(), "tasks.db"),
		manifest: m,
	}
	w.startBackend()
	return w
}

// startBackend starts the example's backend in the same way as the command in forgego.yml.
func (w *world) startBackend() {
	w.t.Helper()
	w.backend = start(w.t, []string{
		"PORT=0",
		"TASKS_DB=" + w.database,
		"FORGE_APP_ID=" + w.manifest.AppID,
		"FORGE_JWKS_URL=" + w.host.url + ".well-known/jwks.json",
		"FORGE_REMOTE_URL=" + w.recorder.url(),
		"FORGE_ALLOWED_ORIGINS=" + w.host.origin() + "," + apphost.AppOrigin(w.t, w.host.url),
	}, remote)
	w.recorder.passTo(w.t, w.backend.wait(w.t, `msg=listening url=(\S+)`))
}

// noSecrets fails the test if a token is in a place where a person or a log can see it.
func (w *world) noSecrets(a app) {
	w.t.Helper()
	places := map[string]string{
		"the page's console":     a.Page.ConsoleText(),
		"the product page":       a.Page.String(`document.documentElement.outerHTML`),
		"the app's page":         a.String(`document.documentElement.outerHTML`),
		"the terminal":           w.host.text(),
		"the backend's log":      w.backend.text(),
		"the browser's requests": strings.Join(a.Page.Requests(), "\n"),
	}
	for _, q := range w.recorder.all() {
		places["the address of a request"] += q.uri + "\n"
	}
	for place, text := range places {
		for _, secret := range []string{"eyJ", "forgego-local-"} {
			if at := strings.Index(text, secret); at >= 0 {
				w.t.Errorf("%s holds a token: …%s…", place, text[max(0, at-100):min(len(text), at+20)])
			}
		}
	}
	if !strings.Contains(places["the browser's requests"], "/tasks") || places["the backend's log"] == "" {
		w.t.Error("there is no request or no log, so this test checks nothing")
	}
}
