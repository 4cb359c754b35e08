// Package apphost runs a test's own app on the local host. It holds the code that several packages of such tests share.
package apphost

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/remote"
	"github.com/forgego/forgego/test/harness/program"
)

// Build copies the app test/programs/NAME into dir and builds its bundle there, as "forgego build" does. The app has its
// program in the folder frontend and its resource in static. The program stays in this module, which knows its imports.
func Build(ctx context.Context, name, dir string, o bundle.Options) error {
	app, err := program.Dir(name)
	if err != nil {
		return err
	}
	if err := os.CopyFS(dir, os.DirFS(app)); err != nil {
		return err
	}
	return program.Build(ctx, name+"/frontend", filepath.Join(dir, "static"), o)
}

// BuildInWorker is Build for a program that runs in a worker. The ES module loads it, and the page's function globalThis[name]
// calls the function that the program exports by casepage.Export.
func BuildInWorker(ctx context.Context, app, dir, name string, o bundle.Options) error {
	o.Module = true
	if err := Build(ctx, app, dir, o); err != nil {
		return err
	}
	static := filepath.Join(dir, "static")
	page := `<!doctype html><html lang=en><title>Worker</title><link rel=icon href=data:,><script type=module src=start.js></script>`
	script := "import { load } from './forgego.module.js';\n" +
		"const { exports } = await load('app.wasm', { worker: true });\n" +
		"globalThis." + name + " = (...args) => exports." + name + "(args);\n"
	return errors.Join(os.WriteFile(filepath.Join(static, "index.html"), []byte(page), 0o644),
		os.WriteFile(filepath.Join(static, "start.js"), []byte(script), 0o644))
}

// Serve runs the app in dir on a local host until the test ends.
func Serve(t *testing.T, dir string, options ...devhost.Option) *devhost.Host {
	t.Helper()
	host, err := devhost.New(dir, options...)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- host.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return host
}

// Remote serves a remote of the app until the test ends and returns its address. The remote is behind a verifier that
// trusts the host's tokens. The host gets the address of the remote.
func Remote(t *testing.T, host *devhost.Host, appID, key string, handler http.Handler, options ...remote.Option) (address string) {
	t.Helper()
	verifier, err := remote.New(appID, append(options, remote.WithJWKSURL(host.JWKSURL()),
		remote.WithAllowedOrigins(strings.TrimSuffix(host.AppURL(), "/"), strings.TrimSuffix(host.URL(), "/")))...)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(verifier.Handler(handler))
	t.Cleanup(server.Close)
	t.Cleanup(server.CloseClientConnections)
	if err := host.SetRemoteURL(key, server.URL); err != nil {
		t.Fatal(err)
	}
	return server.URL
}

var frameSource = regexp.MustCompile(`frame-src (http://127\.0\.0\.1:\d+)`)

// AppOrigin returns the origin of the app's pages, which the policy of the product page at hostURL names.
func AppOrigin(t testing.TB, hostURL string) string {
	t.Helper()
	response, err := http.Get(hostURL)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	origin := frameSource.FindStringSubmatch(response.Header.Get("Content-Security-Policy"))
	if origin == nil {
		t.Fatal("the product page's policy names no frame")
	}
	return origin[1]
}
