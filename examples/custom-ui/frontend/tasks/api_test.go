package tasks

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

func TestList(t *testing.T) {
	byEachWay(t, func(t *testing.T, host *oneAnswer, backend *api) {
		host.body = `{"tasks":[{"id":"1","name":"Buy milk","done":true},{"id":"2","name":"Ünï 買牛乳","done":false,"file":{"name":"a.txt","type":"text/plain","size":3}}]}`
		got, err := backend.list(t.Context())
		want := []Task{{ID: "1", Name: "Buy milk", Done: true}, {ID: "2", Name: "Ünï 買牛乳", File: File{"a.txt", "text/plain", 3}}}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("list gave %v, %v", got, err)
		}
		if x := host.only(); x.method != "" && x.method != "GET" || x.path != "/tasks" {
			t.Errorf("list sent %s %s", x.method, x.path)
		}
	})
}

func TestWays(t *testing.T) {
	byEachWay(t, func(t *testing.T, host *oneAnswer, backend *api) {
		host.status = 204
		if err := backend.delete(t.Context(), "7"); err != nil {
			t.Error(err)
		}
		want := map[string]string{"requestRemote": "fetchRemote", "invokeRemote": "invoke", "direct": "fetch"}[backend.way.String()]
		calls := host.Calls()
		if got := calls[len(calls)-1].Command; got != want {
			t.Errorf("sent the command %q, not %q", got, want)
		}
	})
}

func TestListOfNothing(t *testing.T) {
	byEachWay(t, func(t *testing.T, host *oneAnswer, backend *api) {
		host.body = `{"tasks":[]}`
		if got, err := backend.list(t.Context()); err != nil || len(got) != 0 {
			t.Errorf("list gave %v, %v", got, err)
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
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			byEachWay(t, func(t *testing.T, host *oneAnswer, backend *api) {
				host.body = answer
				got, err := c.change(t.Context(), backend)
				if err != nil || got != (Task{ID: "a/b", Name: "Buy milk", Done: true}) {
					t.Errorf("gave %v, %v", got, err)
				}
				x := host.only()
				if x.method != c.method || x.path != c.path || x.body != c.body || x.header.Get("Idempotency-Key") != c.key {
					t.Errorf("sent %+v", x)
				}
			})
		})
	}
}

func TestDelete(t *testing.T) {
	byEachWay(t, func(t *testing.T, host *oneAnswer, backend *api) {
		host.status = 204
		if err := backend.delete(t.Context(), "7"); err != nil {
			t.Error(err)
		}
		if x := host.only(); x.method != "DELETE" || x.path != "/tasks/7" || x.body != "" {
			t.Errorf("sent %+v", x)
		}
	})
}

func TestNonsense(t *testing.T) {
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
				if err := c.call(t.Context(), backend); !errors.Is(err, bridge.ErrInvalidResponse) {
					t.Errorf("gave %v, not ErrInvalidResponse", err)
				}
			})
		})
	}
}

func TestTrip(t *testing.T) {
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
			if _, err := backend.list(t.Context()); err != nil { // so that there is a token
				t.Fatal(err)
			}
			host.Delay(RemoteKey, c.took)
			if _, err := backend.list(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got, want := english.trip(backend), "by "+backend.way.String()+" in "+c.want; got != want {
				t.Errorf("%v: %q, not %q", c.took, got, want)
			}
		})
	}
}

func TestAttach(t *testing.T) {
	byDirect(t, func(t *testing.T, host *oneAnswer, backend *api) {
		host.body = `{"id":"a/b","name":"Buy milk","done":false,"file":{"name":"x","type":"image/png","size":4}}`
		got, err := backend.attach(t.Context(), "a/b", upload{name: "50 % ü/買.png", kind: "image/png", data: []byte("\x00\xff\r\n")})
		if err != nil || got != (Task{ID: "a/b", Name: "Buy milk", File: File{"x", "image/png", 4}}) {
			t.Errorf("gave %v, %v", got, err)
		}
		x := host.only()
		if x.method != "PUT" || x.path != "/tasks/a%2Fb/file" || x.body != "\x00\xff\r\n" {
			t.Errorf("sent %+v", x)
		}
		if name, kind := x.header.Get("X-File-Name"), x.header.Get("Content-Type"); name != "50%20%25%20%C3%BC%2F%E8%B2%B7.png" || kind != "image/png" {
			t.Errorf("sent the name %q and the type %q", name, kind)
		}
	})
}

func TestAttachOfAnyKind(t *testing.T) {
	byDirect(t, func(t *testing.T, host *oneAnswer, backend *api) {
		host.body = `{"id":"1"}`
		if _, err := backend.attach(t.Context(), "1", upload{name: "x"}); err != nil {
			t.Fatal(err)
		}
		if kind := host.only().header.Get("Content-Type"); kind != "application/octet-stream" {
			t.Errorf("sent the type %q", kind)
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
			byDirect(t, func(t *testing.T, host *oneAnswer, backend *api) {
				host.header, host.body = map[string]string{"Content-Disposition": c.disposition}, c.body
				name, data, err := backend.download(t.Context(), old)
				switch {
				case c.fails:
					if !errors.Is(err, bridge.ErrInvalidResponse) {
						t.Errorf("gave %v, not ErrInvalidResponse", err)
					}
				case err != nil || name != c.want || string(data) != c.body:
					t.Errorf("gave %q with %d bytes, %v", name, len(data), err)
				}
				if x := host.only(); x.method != "GET" || x.path != "/tasks/a%2Fb/file" {
					t.Errorf("sent %s %s", x.method, x.path)
				}
			})
		})
	}
}

func TestRemoveFile(t *testing.T) {
	byEachWay(t, func(t *testing.T, host *oneAnswer, backend *api) {
		host.body = `{"id":"7","name":"Buy milk"}`
		if got, err := backend.removeFile(t.Context(), "7"); err != nil || got.HasFile() {
			t.Errorf("gave %v, %v", got, err)
		}
		if x := host.only(); x.method != "DELETE" || x.path != "/tasks/7/file" {
			t.Errorf("sent %s %s", x.method, x.path)
		}
	})
}

// TestTransferEnds checks a file that is too slow, and one that the user cancels.
func TestTransferEnds(t *testing.T) {
	transfers := map[string]func(ctx context.Context, backend *api) error{
		"upload":   func(ctx context.Context, b *api) error { _, err := b.attach(ctx, "1", upload{name: "x"}); return err },
		"download": func(ctx context.Context, b *api) error { _, _, err := b.download(ctx, Task{ID: "1"}); return err },
	}
	for name, transfer := range transfers {
		t.Run(name, func(t *testing.T) {
			byDirect(t, func(t *testing.T, host *oneAnswer, backend *api) {
				host.Fail("fetch", bridgetest.Hang())
				start := time.Now()
				if err := transfer(t.Context(), backend); !errors.Is(err, errTooSlow) || time.Since(start) != fileTimeout {
					t.Errorf("gave %v after %v", err, time.Since(start))
				}
				ctx, cancel := context.WithCancelCause(t.Context())
				cause := errors.New("the user cancelled it")
				time.AfterFunc(time.Second, func() { cancel(cause) })
				if err := transfer(ctx, backend); !errors.Is(err, cause) || backend.took != time.Second {
					t.Errorf("gave %v after %v", err, backend.took)
				}
			})
		})
	}
}
