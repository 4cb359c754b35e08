package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const testApp = "ari:cloud:ecosystem::app/0b0f5d5e-8a3e-4a9c-9d5a-3f1c2b7e6a10"

// platform makes tokens and is the key set for them.
type platform struct {
	signer jose.Signer
	keys   []byte
}

var thePlatform = sync.OnceValue(func() *platform {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	options := (&jose.SignerOptions{}).WithHeader("kid", "forge/invocation-token/1")
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, options)
	if err != nil {
		panic(err)
	}
	keys := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "forge/invocation-token/1", Algorithm: "RS256", Use: "sig"}}}
	return &platform{signer, []byte(toJSON(keys))}
})

func (p *platform) ServeHTTP(w http.ResponseWriter, _ *http.Request) { w.Write(p.keys) }

// newPlatform also serves the key set, at the URL.
func newPlatform(t *testing.T) (p *platform, url string) {
	t.Helper()
	server := httptest.NewServer(thePlatform())
	t.Cleanup(server.Close)
	return thePlatform(), server.URL
}

func (p *platform) token(installation string) string {
	now := time.Now().Unix()
	signed, err := p.signer.Sign([]byte(toJSON(map[string]any{
		"iss": "forge/invocation-token", "aud": testApp, "iat": now, "nbf": now, "exp": now + 25,
		"app": map[string]any{"id": testApp, "installationId": installation},
	})))
	if err != nil {
		panic(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		panic(err)
	}
	return text
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

// run starts the remote and returns its URL and a function that ends it and waits.
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

// send makes a real request and returns its status and body.
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
	p, jwksURL := newPlatform(t)
	log := &syncBuffer{}
	c := config{testApp, jwksURL, []string{"http://127.0.0.1:9000"}, filepath.Join(t.TempDir(), "tasks.db"), "127.0.0.1:0", ""}
	url, stop := run(t, c, log)
	token := p.token("installation-1")
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
		{"add", "POST", "/tasks", `{"name":"a"}`, []string{"Authorization", auth, "Idempotency-Key", "k"}, 201, `"name":"a","done":false}`},
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

	// The same file, another process: the task is still there.
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
	good := config{testApp, "http://127.0.0.1:1/jwks", nil, filepath.Join(t.TempDir(), "tasks.db"), "127.0.0.1:0", ""}
	for _, tt := range []struct {
		name, want string
		change     func(*config)
	}{
		{"app id", "app id", func(c *config) { c.appID = "tasks" }},
		{"key set over http", "https", func(c *config) { c.jwksURL = "http://keys.example.com/" }},
		{"origin with a path", "origin", func(c *config) { c.origins = []string{"https://a.example.com/x"} }},
		{"database in no folder", "TASKS_DB", func(c *config) { c.database = filepath.Join(t.TempDir(), "none", "tasks.db") }},
		{"URL over http", "TASKS_URL", func(c *config) { c.baseURL = "http://tasks.example.com" }},
		{"port taken", "PORT", func(c *config) { c.addr = taken.Addr().String() }},
	} {
		c := good
		tt.change(&c)
		if err := serve(t.Context(), c, discard, nil); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v; want an error that says %q", tt.name, err, tt.want)
		}
	}
}

// The streams end with the program; they do not keep it until it ends them by force, which is an error.
func TestServeEndsStreams(t *testing.T) {
	p, jwksURL := newPlatform(t)
	url, stop := run(t, config{testApp, jwksURL, nil, filepath.Join(t.TempDir(), "tasks.db"), "127.0.0.1:0", ""}, io.Discard)
	r, err := http.NewRequestWithContext(t.Context(), "GET", url+"/tasks/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+p.token("installation-1"))
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

func TestHealthWithoutDatabase(t *testing.T) {
	s := newTestStore(t)
	s.db.Close()
	w := httptest.NewRecorder()
	newHandler(newExchange(t), newLive(s), discard).ServeHTTP(w, httptest.NewRequest("GET", "/healthz", nil))
	if w.Code != 503 || !strings.Contains(w.Body.String(), `{"error":`) {
		t.Errorf("%d %s; want 503", w.Code, w.Body)
	}
}
