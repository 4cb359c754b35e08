package tasks

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// eachMode runs a test in a bubble, with events of one process and with polling.
func eachMode(t *testing.T, test func(t *testing.T, n *network)) {
	for name, opts := range map[string][]Option{"one process": nil, "polling": {WithPolling()}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, newNetwork(t, opts...)) })
		})
	}
}

// Each change makes an event at all readers of the installation, and a request that changes nothing makes none.
func TestEvents(t *testing.T) {
	eachMode(t, func(t *testing.T, n *network) {
		readers := []*stream{n.listen(t.Context(), "i"), n.listen(t.Context(), "i")}
		other := n.listen(t.Context(), "other")
		added := n.add("i", "a")
		path := "/tasks/" + added.ID
		last := int64(0)
		for _, tt := range []struct {
			name, method, path, body string
			status                   int
			changes                  bool
		}{
			{"add", "GET", "/tasks", "", 200, true}, // added above
			{"complete", "PATCH", path, `{"done":true}`, 200, true},
			{"refused", "PATCH", path, `{"done":7}`, 400, false},
			{"attach", "PUT", path + "/file", "data", 200, true},
			{"replace", "PUT", path + "/file", "other", 200, true},
			{"detach", "DELETE", path + "/file", "", 200, true},
			{"detach again", "DELETE", path + "/file", "", 404, false},
			{"delete", "DELETE", path, "", 204, true},
			{"delete again", "DELETE", path, "", 404, false},
			{"restore", "POST", path + "/restore", "", 200, true},
			{"restore again", "POST", path + "/restore", "", 200, false},
		} {
			if resp, body := n.do(tt.method, tt.path, tt.body, "X-File-Name", "a.txt"); resp.StatusCode != tt.status {
				t.Fatalf("%s: %d %s; want %d", tt.name, resp.StatusCode, body, tt.status)
			}
			if !tt.changes {
				continue // an event would have the wrong id below
			}
			began := time.Now()
			for i, reader := range readers {
				reader.next()
				if took := time.Since(began); took > pollTime {
					t.Errorf("%s: reader %d got the event after %v; want at most %v", tt.name, i, took, pollTime)
				}
				id, err := strconv.ParseInt(reader.id, 10, 64)
				if err != nil || i == 0 && last > 0 && id != last+1 || i > 0 && id != last {
					t.Errorf("%s: reader %d got the id %s after %d; want the next number", tt.name, i, reader.id, last)
				}
				last = id
			}
		}
		n.hub.close()
		for name, data, ok := other.message(); ok; name, data, ok = other.message() {
			if name != "" || data != "" {
				t.Errorf("the other installation got %q %q; want only comments", name, data)
			}
		}
		for name, want := range map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": ""} {
			if got := other.resp.Header.Get(name); got != want {
				t.Errorf("%s = %q; want %q", name, got, want)
			}
		}
	})
}

// A change by another process makes an event too: at the next look into the database.
func TestEventsOfAnotherProcess(t *testing.T) {
	eachMode(t, func(t *testing.T, n *network) {
		s := n.listen(t.Context(), "i")
		mustAdd(t, newStore(n.tasks.db), "i", "k", "a")
		began := time.Now()
		s.next()
		if took := time.Since(began); took > heartbeatTime {
			t.Errorf("the event came after %v; want at most %v", took, heartbeatTime)
		}
	})
}

// A reader that reconnects gets an event if it has missed one. The server does not need to know the id.
func TestEventsAreResumed(t *testing.T) {
	eachMode(t, func(t *testing.T, n *network) {
		n.add("i", "a")
		first := n.listen(t.Context(), "i")
		first.resp.Body.Close()
		for _, id := range []string{"", "x", "0", "-1", first.id + "0", strings.Repeat("9", 40)} {
			again := n.listen(t.Context(), "i", "Last-Event-ID", id)
			if again.next(); again.id != first.id {
				t.Errorf("after %q the id is %q; want %q", id, again.id, first.id)
			}
			again.resp.Body.Close()
		}
		same := n.listen(t.Context(), "i", "Last-Event-ID", first.id)
		if name, data, ok := same.message(); name != "" || data != "" || !ok {
			t.Errorf("after the last id the reader got %q %q, %v; want a comment", name, data, ok)
		}
		n.add("i", "b")
		same.next()
	})
}

// A stream outlives the server's deadlines and its token. It sends heartbeats, and ends after its time.
func TestEventsLifetime(t *testing.T) {
	for _, tt := range []struct {
		name       string
		opts       []Option
		beat, life time.Duration
	}{{"one process", nil, heartbeatTime, streamTime}, {"polling", []Option{WithPolling()}, pollTime, pollStreamTime}} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNetwork(t, tt.opts...)
				s := n.listen(t.Context(), "i")
				begin := time.Now()
				data, err := io.ReadAll(s.resp.Body)
				if took := time.Since(begin); err != nil || took != tt.life {
					t.Errorf("the stream ended after %v with %v; want a clean end after %v", took, err, tt.life)
				}
				// The last heartbeat and the end come at the same time.
				most := int(tt.life / tt.beat)
				if beats := strings.Count(string(data), ":\n\n"); beats != most && beats != most-1 || len(data) != 3*beats {
					t.Errorf("the stream had %q; want %d or %d comments", data, most-1, most)
				}
			})
		})
	}
}

func TestEventsEndWithTheirReaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t)
		n.listen(t.Context(), "other") // starts what stays running after a first stream, so that the count includes it
		synctest.Wait()
		before := goroutines()
		ctx, cancel := context.WithCancel(t.Context())
		for range 20 {
			n.listen(ctx, "i")
		}
		if got := n.hub.count("i"); got != 20 {
			t.Fatalf("%d readers; want 20", got)
		}
		cancel()
		n.do("HEAD", "/tasks/events", "")
		synctest.Wait()
		if got := n.hub.count("i"); got != 0 {
			t.Errorf("%d readers are left", got)
		}
		n.client.CloseIdleConnections()
		synctest.Wait()
		if after := goroutines(); len(after) > len(before) {
			t.Errorf("%d goroutines, %d before:\n%s", len(after), len(before), strings.Join(after, "\n\n"))
		}
	})
}

// count returns the number of an installation's readers.
func (h *hub) count(installation string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.readers[installation])
}

// goroutines returns the stacks of the goroutines in the bubble.
func goroutines() []string {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	return slices.DeleteFunc(strings.Split(string(stacks), "\n\n"), func(stack string) bool {
		return !strings.Contains(stack, "synctest bubble")
	})
}

// A reader that does not read loses its connection. Other readers miss nothing.
func TestSlowReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t)
		slow, quick := n.listen(t.Context(), "i"), n.listen(t.Context(), "i")
		for i := range 300 {
			n.add("i", fmt.Sprint(i))
			quick.next()
		}
		time.Sleep(11 * time.Second) // a write may take 10
		if got := n.hub.count("i"); got != 1 {
			t.Errorf("%d readers; want only the quick one", got)
		}
		if _, err := io.ReadAll(slow.resp.Body); err == nil {
			t.Error("the connection of the slow reader was not closed")
		}
	})
}

func TestTooManyReaders(t *testing.T) {
	h := newHub()
	first, err := h.subscribe("i")
	for range maxReaders - 1 {
		if err == nil {
			_, err = h.subscribe("i")
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.subscribe("i"); err != errTooManyReaders {
		t.Errorf("one reader too many: error %v; want errTooManyReaders", err)
	}
	if _, err := h.subscribe("other"); err != nil {
		t.Errorf("another installation: %v", err)
	}
	h.unsubscribe("i", first)
	if _, err := h.subscribe("i"); err != nil {
		t.Errorf("after one has left: %v", err)
	}
}

func TestNoEventsWhileStopping(t *testing.T) {
	c := newClient(t)
	hub := newHub()
	hub.close()
	c.api = newAPI(newTestStore(t), hub, quiet())
	w := c.do("GET", "/tasks/events", "")
	c.want(w, 503, nil)
	if w.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

func TestEventsOfABrokenDatabase(t *testing.T) {
	c := newClient(t)
	s := newTestStore(t)
	c.api = newAPI(s, newHub(), quiet())
	s.db.Close()
	c.want(c.do(http.MethodGet, "/tasks/events", ""), 500, nil)
	eachMode(t, func(t *testing.T, n *network) {
		stream := n.listen(t.Context(), "i")
		n.tasks.db.Close()
		for name, data, ok := stream.message(); ok; name, data, ok = stream.message() {
			if name != "" || data != "" {
				t.Fatalf("the stream sent %q %q; want its end, after heartbeats", name, data)
			}
		}
	})
}
