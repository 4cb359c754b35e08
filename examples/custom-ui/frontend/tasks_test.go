package main

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
)

func TestList(t *testing.T) {
	byBothWays(t, func(t *testing.T, host *fakeHost, backend *tasks) {
		host.body = `{"tasks":[{"id":"1","name":"Buy milk","done":true},{"id":"2","name":"Ünï 買牛乳","done":false}]}`
		got, err := backend.list(t.Context())
		want := []task{{"1", "Buy milk", true}, {"2", "Ünï 買牛乳", false}}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("list gave %v, %v", got, err)
		}
		if x := host.only(); x.method != "" && x.method != "GET" || x.path != "/tasks" {
			t.Errorf("list sent %s %s", x.method, x.path)
		}
	})
}

func TestWays(t *testing.T) {
	byBothWays(t, func(t *testing.T, host *fakeHost, backend *tasks) {
		host.status = 204
		if err := backend.delete(t.Context(), "7"); err != nil {
			t.Error(err)
		}
		want := map[string]string{"requestRemote": "fetchRemote", "invokeRemote": "invoke"}[backend.way.name]
		if !slices.Equal(host.commands, []string{want}) {
			t.Errorf("sent the commands %q, not %q", host.commands, want)
		}
	})
}

func TestListOfNothing(t *testing.T) {
	byBothWays(t, func(t *testing.T, host *fakeHost, backend *tasks) {
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
		change       func(ctx context.Context, backend *tasks) (task, error)
		method, path string
		body, key    string
	}{
		{"add", func(ctx context.Context, backend *tasks) (task, error) { return backend.add(ctx, "Buy milk", "k-1") },
			"POST", "/tasks", `{"name":"Buy milk"}`, "k-1"},
		{"complete", func(ctx context.Context, backend *tasks) (task, error) { return backend.setDone(ctx, "a/b", true) },
			"PATCH", "/tasks/a%2Fb", `{"done":true}`, ""},
		{"reopen", func(ctx context.Context, backend *tasks) (task, error) { return backend.setDone(ctx, "a/b", false) },
			"PATCH", "/tasks/a%2Fb", `{"done":false}`, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			byBothWays(t, func(t *testing.T, host *fakeHost, backend *tasks) {
				host.body = answer
				got, err := c.change(t.Context(), backend)
				if err != nil || got != (task{"a/b", "Buy milk", true}) {
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
	byBothWays(t, func(t *testing.T, host *fakeHost, backend *tasks) {
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
	list := func(ctx context.Context, backend *tasks) error { _, err := backend.list(ctx); return err }
	add := func(ctx context.Context, backend *tasks) error {
		_, err := backend.add(ctx, "Buy milk", "k")
		return err
	}
	cases := []struct {
		name string
		body string
		call func(ctx context.Context, backend *tasks) error
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
			byBothWays(t, func(t *testing.T, host *fakeHost, backend *tasks) {
				host.body = c.body
				if err := c.call(t.Context(), backend); !errors.Is(err, bridge.ErrInvalidResponse) {
					t.Errorf("gave %v, not ErrInvalidResponse", err)
				}
			})
		})
	}
}

func TestTrip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
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
			host := &fakeHost{t: t, status: 200, body: `{"tasks":[]}`, before: func(context.Context) error {
				time.Sleep(c.took)
				return nil
			}}
			backend := &tasks{way: invokeRemote(bridge.New(host))}
			if _, err := backend.list(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got, want := backend.trip(), "by invokeRemote in "+c.want; got != want {
				t.Errorf("%v: %q, not %q", c.took, got, want)
			}
		}
	})
}

func TestDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		silent := &fakeHost{t: t, before: func(ctx context.Context) error {
			<-ctx.Done()
			return context.Cause(ctx)
		}}
		backend := &tasks{way: requestRemote(bridge.New(silent))}
		start := time.Now()
		err := backend.delete(t.Context(), "1")
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != callTimeout {
			t.Errorf("gave %v after %v", err, time.Since(start))
		}
	})
}
