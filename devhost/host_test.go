package devhost

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/devhost/internal/testapp"
	"github.com/forgego/forgego/internal/manifest"
)

// startHost runs a host until the test ends.
func startHost(t *testing.T, m *manifest.Manifest, o settings) *Host {
	t.Helper()
	h, err := newHost(m, o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- h.Serve(ctx) }()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return h
}

func TestNewRefusesAddresses(t *testing.T) {
	taken, err := net.Listen("tcp", anyPort)
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, c := range []struct {
		name, addr string
		is         error
		says       string
	}{
		{"every interface", "0.0.0.0:0", ErrNotLoopback, "127.0.0.1"},
		{"no host", ":0", ErrNotLoopback, "127.0.0.1"},
		{"a name", "example.com:0", ErrNotLoopback, "127.0.0.1"},
		{"another network", "192.0.2.1:0", ErrNotLoopback, "127.0.0.1"},
		{"no port", "127.0.0.1", nil, "127.0.0.1:PORT"},
		{"taken", taken.Addr().String(), nil, "another program"},
	} {
		for _, o := range []settings{{addr: c.addr}, {appAddr: c.addr}} {
			h, err := newHost(testapp.Manifest(t), o)
			if err == nil {
				h.Close()
				t.Errorf("%s: New accepted %+v", c.name, o)
				continue
			}
			if c.is != nil && !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: got the error %v; want one that contains %q", c.name, err, c.says)
			}
		}
	}
}

func TestNewRefusesOptions(t *testing.T) {
	for _, c := range []struct {
		name    string
		options settings
		is      error
		says    string
	}{
		{"short lifetime", settings{tokenLifetime: time.Millisecond}, nil, "at least one second"},
		{"negative time limit", settings{invokeTimeout: -1}, nil, "negative"},
		{"unknown remote", settings{remoteURLs: map[string]string{"nope": "http://127.0.0.1:1"}}, ErrUnknownRemote, "manifest.yml has tasks-api"},
		{"no URL", settings{remoteURLs: map[string]string{"tasks-api": "127.0.0.1:1"}}, ErrInvalidURL, "tasks-api"},
		{"another scheme", settings{remoteURLs: map[string]string{"tasks-api": "ftp://127.0.0.1"}}, ErrInvalidURL, "ftp"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, err := newHost(testapp.Manifest(t), c.options)
			if err == nil {
				h.Close()
				t.Fatal("New accepted the options")
			}
			if c.is != nil && !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got the error %v; want one that contains %q", err, c.says)
			}
		})
	}
}

func TestNewRefusesReservedResourceKey(t *testing.T) {
	m := testapp.Manifest(t)
	m.Resources[0].Key = bridgeKey
	if h, err := newHost(m, settings{}); err == nil {
		h.Close()
		t.Error("New accepted a resource with the key of the bridge")
	}
}

func TestNewWithoutManifest(t *testing.T) {
	if _, err := New(t.TempDir(), nil); err == nil || !strings.Contains(err.Error(), "manifest.yml") {
		t.Errorf("got %v, want an error that contains %q", err, "manifest.yml")
	}
}

func TestURLs(t *testing.T) {
	h, err := newHost(testapp.Manifest(t), settings{})
	if err != nil {
		t.Fatal(err)
	}
	if h.URL() == h.AppURL() || !strings.HasPrefix(h.URL(), "http://127.0.0.1:") || !strings.HasSuffix(h.URL(), "/") {
		t.Errorf("URL is %s, AppURL is %s; want two loopback URLs that end with a slash", h.URL(), h.AppURL())
	}
	if h.JWKSURL() != h.URL()+".well-known/jwks.json" {
		t.Errorf("JWKSURL is %s", h.JWKSURL())
	}
	for range 2 {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	}
	again, err := newHost(testapp.Manifest(t), settings{addr: h.product.Addr().String(), appAddr: h.app.Addr().String()})
	if err != nil {
		t.Fatalf("the ports are not free after Close: %v", err)
	}
	again.Close()
}

func TestIPv6(t *testing.T) {
	l, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skipf("this machine has no IPv6: %v", err)
	}
	l.Close()
	h := startHost(t, testapp.Manifest(t), settings{addr: "[::1]:0"})
	if resp, _ := testapp.Ask(t, "GET", h.URL(), ""); resp.StatusCode != 200 {
		t.Errorf("%s: got status %d, want 200", h.URL(), resp.StatusCode)
	}
}

func TestServeEndsUnfinishedCalls(t *testing.T) {
	reached := make(chan struct{})
	remote := newRemote(t, func(w http.ResponseWriter, r *http.Request) {
		close(reached)
		<-r.Context().Done()
	})
	h, err := newHost(testapp.Manifest(t), settings{remoteURLs: map[string]string{"tasks-api": remote}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- h.Serve(ctx) }()
	answered := make(chan string, 1)
	go func() {
		defer close(answered) // also if Ask fails
		_, text := testapp.Ask(t, "POST", h.URL()+"_host/invoke", `{"moduleKey":"panel","input":{"path":"/","method":"GET"}}`,
			"Origin", h.product.Origin, "Content-Type", "application/json")
		answered <- text
	}()
	<-reached
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if text := <-answered; !strings.Contains(text, "An unexpected error happened") {
		t.Errorf("the call ended with %s", text)
	}
}
