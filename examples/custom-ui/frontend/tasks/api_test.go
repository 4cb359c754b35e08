package tasks

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

func TestList(t *testing.T) {
	byEachWay(t, func(t *testing.T, host *oneAnswer, backend *api) {
		host.body = `{"tasks":[{"id":"1","name":"Buy milk","done":true},{"id":"2","name":"Ünï 買牛乳","done":false,"file":{"name":"a.txt","type":"text/plain","size":3}}]}`
		got, err := backend.list(host.ctx)
		want := []Task{{ID: "1", Name: "Buy milk", Done: true}, {ID: "2", Name: "Ünï 買牛乳", File: File{"a.txt", "text/plain", 3}}}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("list returned %v, %v; want %v", got, err, want)
		}
		if x := host.only(); x.method != "" && x.method != "GET" || x.path != "/tasks" {
			t.Errorf("list sent %s %s; want GET /tasks", x.method, x.path)
		}
	})
}

func TestDelete(t *testing.T) {
	byEachWay(t, func(t *testing.T, host *oneAnswer, backend *api) {
		host.status = 204
		if err := backend.delete(host.ctx, "7"); err != nil {
			t.Error(err)
		}
		if x := host.only(); x.method != "DELETE" || x.path != "/tasks/7" || x.body != "" {
			t.Errorf("delete sent %+v; want DELETE /tasks/7 without a body", x)
		}
		want := map[string]string{"requestRemote": "fetchRemote", "invokeRemote": "invoke", "direct": "fetch"}[backend.way.String()]
		calls := host.Calls()
		if got := calls[len(calls)-1].Command; got != want {
			t.Errorf("the command is %q; want %q", got, want)
		}
	})
}

func TestChanges(t *testing.T) {
	const answer = `{"id":"a/b","name":"Buy milk","done":true}`
	cases := []struct {
		name         string
		change       func(ctx context.Context, backend *api) (Task, error)
		method, path string
		body, key    string
	}{
		{"add", func(ctx context.Context, backend *api) (Task, error) { return backend.add(ctx, "Buy milk", "k-1") },
			"POST", "/tasks", `{"name":"Buy milk"}`, "k-1"},
		{"complete", func(ctx context.Context, backend *api) (Task, error) { return backend.setDone(ctx, "a/b", true) },
			"PATCH", "/tasks/a%2Fb", `{"done":true}`, ""},
		{"reopen", func(ctx context.Context, backend *api) (Task, error) { return backend.setDone(ctx, "a/b", false) },
			"PATCH", "/tasks/a%2Fb", `{"done":false}`, ""},
		{"rename", func(ctx context.Context, backend *api) (Task, error) {
			return backend.rename(ctx, Task{ID: "a/b", Version: 3}, "Buy milk")
		},
			"PATCH", "/tasks/a%2Fb", `{"name":"Buy milk"}`, ""},
		{"remove the file", func(ctx context.Context, backend *api) (Task, error) {
			return backend.removeFile(ctx, Task{ID: "a/b", Version: 3})
		},
			"DELETE", "/tasks/a%2Fb/file", "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			byEachWay(t, func(t *testing.T, host *oneAnswer, backend *api) {
				host.body = answer
				got, err := c.change(host.ctx, backend)
				if err != nil || got != (Task{ID: "a/b", Name: "Buy milk", Done: true}) {
					t.Errorf("%s returned %v, %v; want the task in the answer", c.name, got, err)
				}
				x := host.only()
				if x.method != c.method || x.path != c.path || x.body != c.body || x.header.Get("Idempotency-Key") != c.key {
					t.Errorf("%s sent %+v; want %s %s with the body %s and the key %q", c.name, x, c.method, c.path, c.body, c.key)
				}
			})
		})
	}
}

func TestInvalidAnswers(t *testing.T) {
	list := func(ctx context.Context, backend *api) error { _, err := backend.list(ctx); return err }
	add := func(ctx context.Context, backend *api) error {
		_, err := backend.add(ctx, "Buy milk", "k")
		return err
	}
	cases := []struct {
		name string
		body string
		call func(ctx context.Context, backend *api) error
	}{
		{"no body", ``, list},
		{"another object", `{}`, list},
		{"no list", `{"tasks":7}`, list},
		{"a list of other things", `{"tasks":[7]}`, list},
		{"a task without an id", `{"name":"Buy milk"}`, add},
		{"a list for a task", `[]`, add},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			byEachWay(t, func(t *testing.T, host *oneAnswer, backend *api) {
				host.body = c.body
				if err := c.call(host.ctx, backend); !errors.Is(err, bridge.ErrInvalidResponse) {
					t.Errorf("error %v; want ErrInvalidResponse", err)
				}
			})
		})
	}
}

func TestTripText(t *testing.T) {
	cases := []struct {
		took time.Duration
		want string
	}{
		{0, "1 ms"},
		{12 * time.Millisecond, "12 ms"},
		{12*time.Millisecond + 600*time.Microsecond, "13 ms"},
		{4 * time.Second, "4000 ms"},
	}
	for _, c := range cases {
		byEachWay(t, func(t *testing.T, host *oneAnswer, backend *api) {
			host.body = `{"tasks":[]}`
			if _, err := backend.list(host.ctx); err != nil { // so that there is a token
				t.Fatal(err)
			}
			host.Delay(RemoteKey, c.took)
			if _, err := backend.list(host.ctx); err != nil {
				t.Fatal(err)
			}
			if got, want := english.trip(backend), "by "+backend.way.String()+" in "+c.want; got != want {
				t.Errorf("after %v the text is %q; want %q", c.took, got, want)
			}
		})
	}
}

func TestAttach(t *testing.T) {
	by(t, Direct, func(t *testing.T, host *oneAnswer, backend *api) {
		host.body = `{"id":"a/b","name":"Buy milk","done":false,"file":{"name":"x","type":"image/png","size":4}}`
		got, err := backend.attach(host.ctx, Task{ID: "a/b"}, upload{name: "50 % ü/買.png", kind: "image/png", data: []byte("\x00\xff\r\n")})
		if err != nil || got != (Task{ID: "a/b", Name: "Buy milk", File: File{"x", "image/png", 4}}) {
			t.Errorf("attach returned %v, %v; want the task in the answer", got, err)
		}
		x := host.only()
		if x.method != "PUT" || x.path != "/tasks/a%2Fb/file" || x.body != "\x00\xff\r\n" {
			t.Errorf("attach sent %+v; want PUT /tasks/a%%2Fb/file with the bytes unchanged", x)
		}
		if name, kind := x.header.Get("X-File-Name"), x.header.Get("Content-Type"); name != "50%20%25%20%C3%BC%2F%E8%B2%B7.png" || kind != "image/png" {
			t.Errorf("attach sent the name %q and the type %q", name, kind)
		}
	})
}

func TestAttachOfAnyKind(t *testing.T) {
	by(t, Direct, func(t *testing.T, host *oneAnswer, backend *api) {
		host.body = `{"id":"1"}`
		if _, err := backend.attach(host.ctx, Task{ID: "1"}, upload{name: "x"}); err != nil {
			t.Fatal(err)
		}
		if kind := host.only().header.Get("Content-Type"); kind != "application/octet-stream" {
			t.Errorf("attach sent the type %q; want application/octet-stream", kind)
		}
	})
}

func TestDownload(t *testing.T) {
	old := Task{ID: "a/b", File: File{"old.txt", "text/plain", 3}}
	cases := []struct {
		name, disposition, body, want string
		fails                         bool
	}{
		{"any bytes", "attachment; filename*=UTF-8''%C3%BC%20%25.bin", "\x00\xff", "ü %.bin", false},
		{"no bytes and no name", "", "", "old.txt", false},
		{"10 MB", "", strings.Repeat("x", maxFile), "old.txt", false},
		{"more than that", "", strings.Repeat("x", maxFile+1), "", true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			by(t, Direct, func(t *testing.T, host *oneAnswer, backend *api) {
				host.header, host.body = map[string]string{"Content-Disposition": c.disposition}, c.body
				name, data, err := backend.download(host.ctx, old)
				switch {
				case c.fails:
					if !errors.Is(err, bridge.ErrInvalidResponse) {
						t.Errorf("error %v; want ErrInvalidResponse", err)
					}
				case err != nil || name != c.want || string(data) != c.body:
					t.Errorf("download returned the name %q with %d bytes, %v; want %q with %d bytes", name, len(data), err, c.want, len(c.body))
				}
				if x := host.only(); x.method != "GET" || x.path != "/tasks/a%2Fb/file" {
					t.Errorf("download sent %s %s; want GET /tasks/a%%2Fb/file", x.method, x.path)
				}
			})
		})
	}
}

// TestTransferEnds checks a file that is too slow, and one that the user cancels.
func TestTransferEnds(t *testing.T) {
	transfers := map[string]func(ctx context.Context, backend *api) error{
		"upload": func(ctx context.Context, b *api) error {
			_, err := b.attach(ctx, Task{ID: "1"}, upload{name: "x"})
			return err
		},
		"download": func(ctx context.Context, b *api) error { _, _, err := b.download(ctx, Task{ID: "1"}); return err },
	}
	for name, transfer := range transfers {
		t.Run(name, func(t *testing.T) {
			by(t, Direct, func(t *testing.T, host *oneAnswer, backend *api) {
				host.Fail("fetch", bridgetest.Hang())
				start := time.Now()
				if err := transfer(host.ctx, backend); !errors.Is(err, errTooSlow) || time.Since(start) != fileTimeout {
					t.Errorf("the transfer ended with %v after %v; want errTooSlow after %v", err, time.Since(start), fileTimeout)
				}
				ctx, cancel := context.WithCancelCause(host.ctx)
				cause := errors.New("the user cancelled it")
				time.AfterFunc(time.Second, func() { cancel(cause) })
				if err := transfer(ctx, backend); !errors.Is(err, cause) || backend.took != time.Second {
					t.Errorf("the transfer ended with %v after %v; want %v after a second", err, backend.took, cause)
				}
			})
		})
	}
}

// request is one request as the backend received it.
type request struct {
	method, path, body string
	header             http.Header
}

// oneAnswer is a host whose backend answers every request in the same way, and records the requests. A test sets the
// answer before it sends a request.
type oneAnswer struct {
	*bridgetest.Host
	t      *testing.T
	ctx    context.Context
	status int
	header map[string]string
	body   string
	got    []request
}

func (h *oneAnswer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		h.t.Error(err)
	}
	h.got = append(h.got, request{r.Method, r.RequestURI, string(data), r.Header})
	w.Header().Set("Content-Type", "application/json")
	for name, value := range h.header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(h.status)
	_, _ = io.WriteString(w, h.body)
}

// only returns the only request that the backend received.
func (h *oneAnswer) only() request {
	h.t.Helper()
	if len(h.got) != 1 {
		h.t.Fatalf("the backend received %d requests; want one", len(h.got))
	}
	return h.got[0]
}

// byEachWay runs a test once for each way to the backend.
func byEachWay(t *testing.T, test func(t *testing.T, host *oneAnswer, backend *api)) {
	for _, way := range []Way{RequestRemote, InvokeRemote, Direct} {
		by(t, way, test)
	}
}

// by runs a test in a bubble.
func by(t *testing.T, way Way, test func(t *testing.T, host *oneAnswer, backend *api)) {
	t.Run(way.String(), func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			host := &oneAnswer{Host: bridgetest.NewHost(t), t: t, status: 200}
			host.ctx = host.Context(t)
			host.Remote(RemoteKey, host)
			test(t, host, &api{way: way, direct: host.Client(bridge.WithDirect(bridge.HostTokens()))})
		})
	})
}

func TestSecondTokenSource(t *testing.T) {
	source := func(name string, err error) (bridge.TokenSource, *int) {
		asked := new(int)
		return bridge.TokenFunc(func(_ context.Context, remoteKey string) (bridge.Token, error) {
			*asked++
			if remoteKey != "tasks-api" {
				t.Errorf("the source was asked for the remote %q; want tasks-api", remoteKey)
			}
			return bridge.Token{BaseURL: name}, err
		}), asked
	}
	rejected := fmt.Errorf("wrapped: %w", &bridge.HostError{Message: "Unknown command"})
	broken := errors.New("broken")
	cases := []struct {
		name          string
		first, second error
		asked         int
		err           error
	}{
		{"the host has it", nil, nil, 0, nil},
		{"the host refuses", rejected, nil, 1, nil},
		{"both refuse", rejected, broken, 1, broken},
		{"the host knows no such remote", &bridge.HostError{Code: "UNKNOWN_REMOTE"}, nil, 0, bridge.ErrUnknownRemote},
		{"there is no host", bridge.ErrNoBridge, nil, 0, bridge.ErrNoBridge},
		{"the page goes away", context.Canceled, nil, 0, context.Canceled},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			first, _ := source("first", c.first)
			second, asked := source("second", c.second)
			token, err := fallback{first, second}.Token(t.Context(), "tasks-api")
			if *asked != c.asked || !errors.Is(err, c.err) || (err == nil) != (c.err == nil) {
				t.Errorf("error %v, and %d requests to the second source; want %v and %d", err, *asked, c.err, c.asked)
			}
			if want := [...]string{"first", "second"}[c.asked]; err == nil && token.BaseURL != want {
				t.Errorf("the token is from the source %q; want %q", token.BaseURL, want)
			}
		})
	}
}

// TestTokens checks that outside a page no source returns a token.
func TestTokens(t *testing.T) {
	if _, err := Tokens().Token(t.Context(), RemoteKey); !errors.Is(err, bridge.ErrNoBridge) {
		t.Errorf("error %v; want ErrNoBridge", err)
	}
}

func TestTokenFacts(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	stats := bridge.TokenStats{Hits: 12, Waits: 99, Mints: 4, Renewals: 3, Failures: 1}
	cases := []struct {
		name      string
		expiresAt time.Time
		has       bool
		left      string
	}{
		{"none", time.Time{}, false, "no token"},
		{"fresh", now.Add(25 * time.Second), true, "25"},
		{"a part of a second", now.Add(time.Millisecond), true, "1"},
		{"at its end", now, true, "0"},
		{"after a sleep", now.Add(-time.Hour), true, "0"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := english.tokenFacts(stats, c.expiresAt, c.has, now)
			want := TokenFacts{Seconds: c.left, Mints: "4", Hits: "12", Renewals: "3", Failures: "1"}
			if got != want {
				t.Errorf("the facts are %+v; want %+v", got, want)
			}
		})
	}
}
