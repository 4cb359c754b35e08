package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/forgego/forgego/remote/remotetest"
)

func TestConfig(t *testing.T) {
	got, err := newConfig()
	if want := (config{"tasks.db", "127.0.0.1:8787"}); err != nil || got != want {
		t.Errorf("defaults = %+v, %v; want %+v", got, err, want)
	}
	t.Setenv("TASKS_DB", "x.db")
	t.Setenv("HOST", "::1")
	t.Setenv("PORT", "0")
	got, err = newConfig()
	if want := (config{"x.db", "[::1]:0"}); err != nil || got != want {
		t.Errorf("config = %+v, %v; want %+v", got, err, want)
	}
}

func TestConfigErrors(t *testing.T) {
	for _, port := range []string{"http", "-1", "65536"} {
		t.Setenv("PORT", port)
		if err := start(t.Context()); err == nil || !strings.Contains(err.Error(), "PORT is "+strconv.Quote(port)) {
			t.Errorf("port %s: %v; want an error that names PORT", port, err)
		}
	}
}

const testApp = "ari:cloud:ecosystem::app/0b0f5d5e-8a3e-4a9c-9d5a-3f1c2b7e6a10"

// newIssuer makes tokens, and serves their key set at the URL.
func newIssuer(t *testing.T) (issuer *remotetest.Issuer, url string) {
	t.Helper()
	issuer = remotetest.NewIssuer(testApp)
	server := httptest.NewServer(issuer.Handler())
	t.Cleanup(server.Close)
	return issuer, server.URL
}

// newTestConfig returns a configuration with a free port and a new database. It also sets the variables of a remote whose
// tokens the keys at this URL verify.
func newTestConfig(t *testing.T, jwksURL string) config {
	t.Helper()
	t.Setenv("FORGE_APP_ID", testApp)
	t.Setenv("FORGE_JWKS_URL", jwksURL)
	t.Setenv("FORGE_REMOTE_URL", "https://tasks.example.com/api")
	return config{filepath.Join(t.TempDir(), "tasks.db"), "127.0.0.1:0"}
}

// syncBuffer is a log that a server writes and a test reads.
type syncBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *syncBuffer) Write(data []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(data)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}

// run starts the remote. It returns the remote's URL, and a function that stops the remote and waits for its end.
func run(t *testing.T, c config, log io.Writer) (url string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan net.Addr, 1), make(chan error, 1)
	go func() { ended <- serve(ctx, c, slog.New(slog.NewTextHandler(log, nil)), ready) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("serve ended with %v", err)
		}
	})
	t.Cleanup(stop)
	select {
	case addr := <-ready:
		return "http://" + addr.String(), stop
	case err := <-ended:
		ended <- nil
		t.Fatalf("serve: %v", err)
		return "", nil
	}
}

// send makes a real request and returns the status and the body.
func send(t *testing.T, method, url, body string, header ...string) (int, http.Header, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(data)
}

func TestServe(t *testing.T) {
	issuer, jwksURL := newIssuer(t)
	log := &syncBuffer{}
	c := newTestConfig(t, jwksURL)
	t.Setenv("FORGE_ALLOWED_ORIGINS", "http://127.0.0.1:9000")
	url, stop := run(t, c, log)
	token := issuer.Token(remotetest.WithInstallation("installation-1"))
	auth := "Bearer " + token

	for _, tt := range []struct {
		name, method, path, body string
		header                   []string
		status                   int
		text                     string
	}{
		{"health", "GET", "/healthz", "", nil, 200, `{"status":"ok"}`},
		{"health by HEAD", "HEAD", "/healthz", "", nil, 200, ""},
		{"no token", "GET", "/tasks", "", nil, 401, `{"error":"This request needs`},
		{"bad token", "GET", "/tasks", "", []string{"Authorization", auth + "x"}, 401, `{"error":"The token is not valid."}`},
		{"unknown path without a token", "GET", "/nope", "", nil, 401, `{"error":`},
		{"unknown path", "GET", "/nope", "", []string{"Authorization", auth}, 404, `{"error":"There is nothing at this path."}`},
		{"unclean path", "GET", "//tasks", "", []string{"Authorization", auth}, 404, `{"error":`},
		{"two slashes", "GET", "//", "", []string{"Authorization", auth}, 404, `{"error":`},
		{"dots", "GET", "/x/../tasks", "", []string{"Authorization", auth}, 404, `{"error":`},
		{"method", "PUT", "/tasks", "", []string{"Authorization", auth}, 405, `{"error":`},
		{"add", "POST", "/tasks", `{"name":"a"}`, []string{"Authorization", auth, "Idempotency-Key", "k"}, 201, `"name":"a","done":false,"version":1}`},
		{"list", "GET", "/tasks?token=" + token, "", []string{"Authorization", auth, "Origin", "http://127.0.0.1:9000"}, 200, `"name":"a"`},
		{"foreign origin", "GET", "/tasks", "", []string{"Authorization", auth, "Origin", "https://evil.example.com"}, 403, `{"error":`},
		{"preflight", "OPTIONS", "/tasks/1", "", []string{"Origin", "http://127.0.0.1:9000", "Access-Control-Request-Method", "PATCH",
			"Access-Control-Request-Headers", "authorization,idempotency-key"}, 204, ""},
		{"method on tokens", "GET", "/token", "", []string{"Authorization", auth}, 405, `{"error":`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, header, body := send(t, tt.method, url+tt.path, tt.body, tt.header...)
			if status != tt.status || !strings.Contains(body, tt.text) {
				t.Errorf("%d %s; want %d with %s", status, body, tt.status, tt.text)
			}
			if got := header.Get("Content-Type"); got != "application/json" && body != "" {
				t.Errorf("Content-Type %q", got)
			}
		})
	}

	stop()
	lines := log.String()
	if strings.Contains(lines, token) || strings.Contains(lines, token[:20]) {
		t.Error("the log holds a token")
	}
	if !strings.Contains(lines, "method=POST path=/tasks status=201") || !strings.Contains(lines, "installation=installation-1") {
		t.Errorf("the log has no line for the added task:\n%s", lines)
	}
	if !strings.Contains(lines, `msg="request refused" status=401`) || !strings.Contains(lines, "https://evil.example.com") {
		t.Errorf("the log does not say what was refused:\n%s", lines)
	}
	for line := range strings.Lines(lines) {
		if strings.Contains(line, "msg=request ") && (strings.Contains(line, "status=401") || strings.Contains(line, "status=403")) {
			t.Errorf("the refusal is logged again: %s", line)
		}
	}

	// Another process opens the same file. The task is still there.
	url, _ = run(t, c, io.Discard)
	if status, _, body := send(t, "GET", url+"/tasks", "", "Authorization", auth); status != 200 || !strings.Contains(body, `"name":"a"`) {
		t.Errorf("after a restart: %d %s", status, body)
	}
}

func TestServeRefusesToStart(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, tt := range []struct {
		name, variable, value string
		change                func(*config)
	}{
		{"no app", "FORGE_APP_ID", "", nil},
		{"no URL", "FORGE_REMOTE_URL", "", nil},
		{"key set over http", "FORGE_JWKS_URL", "http://keys.example.com/", nil},
		{"short key", "TASKS_KEY", "short", nil},
		{"database in no folder", "TASKS_DB", "", func(c *config) { c.database = filepath.Join(t.TempDir(), "none", "tasks.db") }},
		{"port taken", "PORT", "", func(c *config) { c.addr = taken.Addr().String() }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newTestConfig(t, "http://127.0.0.1:1/jwks")
			if tt.change != nil {
				tt.change(&c)
			} else {
				t.Setenv(tt.variable, tt.value)
			}
			if err := serve(t.Context(), c, slog.New(slog.DiscardHandler), nil); err == nil || !strings.Contains(err.Error(), tt.variable) {
				t.Errorf("%v; want an error that names %s", err, tt.variable)
			}
		})
	}
}

// The streams end when the program stops. Otherwise the program would have to end them by force, which is an error.
func TestServeEndsStreams(t *testing.T) {
	issuer, jwksURL := newIssuer(t)
	url, stop := run(t, newTestConfig(t, jwksURL), io.Discard)
	r, err := http.NewRequestWithContext(t.Context(), "GET", url+"/tasks/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+issuer.Token(remotetest.WithInstallation("installation-1")))
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	stop()
	if data, err := io.ReadAll(resp.Body); err != nil || !strings.HasPrefix(string(data), "id: ") {
		t.Errorf("stream %q, %v; want a clean end", data, err)
	}
}

func TestTokenHasTheURL(t *testing.T) {
	issuer, jwksURL := newIssuer(t)
	url, _ := run(t, newTestConfig(t, jwksURL), io.Discard)
	status, _, body := send(t, http.MethodPost, url+"/token", `{"remoteKey":"tasks-api"}`, "Authorization", "Bearer "+issuer.Token())
	var token struct{ BaseURL string }
	if err := json.Unmarshal([]byte(body), &token); err != nil || status != 200 || token.BaseURL != "https://tasks.example.com/api" {
		t.Errorf("%d, %q, %v; want the URL of FORGE_REMOTE_URL", status, token.BaseURL, err)
	}
}
