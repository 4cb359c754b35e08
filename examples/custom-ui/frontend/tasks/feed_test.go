package tasks

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// stream is one answer to GET /tasks/events. The connection ends after the text, unless stays is true.
type stream struct {
	status int // 0 if the connection breaks before there is a status
	text   string
	stays  bool
	silent bool // it sends no heartbeats
}

// fakeEvents answers with one stream after another, and repeats the last one. It records what happens.
type fakeEvents struct {
	t    *testing.T
	host *bridgetest.Host

	mu      sync.Mutex
	streams []stream
	noted   []string
	open    int
}

func newFakeEvents(t *testing.T, streams ...stream) *fakeEvents {
	f := &fakeEvents{t: t, host: bridgetest.NewHost(t), streams: streams}
	f.host.Remote(RemoteKey, f)
	return f
}

func (f *fakeEvents) note(format string, values ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.noted = append(f.noted, fmt.Sprintf(format, values...))
}

func (f *fakeEvents) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != "GET" || r.URL.Path != "/tasks/events" {
		f.t.Errorf("the feed sent %s %s; want GET /tasks/events", r.Method, r.URL)
	}
	f.note("open")
	f.mu.Lock()
	s := f.streams[0]
	if len(f.streams) > 1 {
		f.streams = f.streams[1:]
	}
	f.open++
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.open--
	}()
	if s.status == 0 {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(s.status)
	_, _ = io.WriteString(w, s.text)
	_ = http.NewResponseController(w).Flush()
	for s.stays {
		select {
		case <-time.After(5 * time.Second):
			if s.silent {
				continue
			}
			_, _ = io.WriteString(w, ":\n\n")
			_ = http.NewResponseController(w).Flush()
		case <-r.Context().Done():
			return
		}
	}
}

func (f *fakeEvents) feed() *feed {
	return &feed{
		direct: f.host.Client(bridge.WithDirect(bridge.HostTokens())),
		connected: func(connected bool) {
			f.note("%s", map[bool]string{true: "connected", false: "broken"}[connected])
		},
		changed: func() { f.note("changed") },
		stuck: func(err error) {
			if !errors.Is(err, bridge.ErrNetwork) {
				f.t.Errorf("stuck was called with %v; want ErrNetwork", err)
			}
			f.note("stuck")
		},
	}
}

func TestFeed(t *testing.T) {
	const one, two = "id: 7\nevent: change\ndata: {}\n\n", "id: 8\nevent: reset\ndata: {}\n\n"
	stay := stream{status: 200, text: ":\n\n", stays: true}
	cases := []struct {
		name    string
		streams []stream
		want    string
		err     error // the error that ends the feed; if nil, the test's context ends it
	}{
		{"events", []stream{{status: 200, text: "id: 6\n\n" + one + two, stays: true}}, "open, connected, changed, changed, broken", nil},
		{"the stream ends", []stream{{status: 200, text: one}, stay}, "open, connected, changed, broken, open, connected, broken", nil},
		{"the network is away for a while", []stream{{status: 200, text: ":\n\n"}, {}, {status: 503}, {status: 429}, stay},
			"open, connected, broken, open, open, open, open, connected, broken", nil},
		{"the first try fails", []stream{{}, stay}, "open, open, connected, broken", nil},
		{"the first tries fail", []stream{{}, {}, {}, {}, stay}, "open, open, open, stuck, open, open, connected, broken", nil},

		{"not verified, twice", []stream{{status: 401}}, "open, open", bridge.ErrUnauthorized},
		{"a backend without events", []stream{{status: 404}}, "open", errNotFound},
		{"too long a line", []stream{{status: 200, text: "data: " + strings.Repeat("x", 1<<20), stays: true}}, "open, connected, broken", bridge.ErrInvalidResponse},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFakeEvents(t, c.streams...)
				ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
				defer cancel()
				err := f.feed().run(ctx)
				var r *bridge.StatusError
				switch {
				case c.err == nil && !errors.Is(err, context.DeadlineExceeded):
					t.Errorf("the feed ended with %v; want DeadlineExceeded", err)
				case c.err == errNotFound && (!errors.As(err, &r) || r.Status != 404):
					t.Errorf("the feed ended with %v; want a refusal with the status 404", err)
				case c.err != nil && c.err != errNotFound && !errors.Is(err, c.err):
					t.Errorf("the feed ended with %v; want %v", err, c.err)
				}
				if got := strings.Join(f.noted, ", "); got != c.want {
					t.Errorf("the feed did %q; want %q", got, c.want)
				}
				synctest.Wait()
				if f.open != 0 {
					t.Errorf("%d streams are still open", f.open)
				}
			})
		})
	}
}

// TestFeedEnds checks failures after which a retry cannot help.
func TestFeedEnds(t *testing.T) {
	for _, final := range []error{bridge.ErrBlocked, bridge.ErrNoBridge, bridge.ErrUnknownRemote} {
		t.Run(final.Error(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFakeEvents(t, stream{status: 200, stays: true})
				f.host.Fail("fetch", bridgetest.Reject(final))
				if err := f.feed().run(t.Context()); !errors.Is(err, final) {
					t.Errorf("the feed ended with %v; want %v", err, final)
				}
				if len(f.noted) > 0 {
					t.Errorf("the feed did %q; want nothing", f.noted)
				}
			})
		})
	}
}

// errNotFound stands for a refusal with the status 404.
var errNotFound = errors.New("404")

// TestFeedReconnectsAfterSilence checks that a connection without a heartbeat is closed.
func TestFeedReconnectsAfterSilence(t *testing.T) {
	const event = "id: 7\nevent: change\ndata: {}\n\n"
	cases := []struct {
		name string
		text string
		took time.Duration
		want string
	}{
		{"not yet", event, silence - time.Second, "open, connected, changed, broken"},
		{"after an event", event, silence + 2*firstRetry, "open, connected, changed, broken, open, connected, changed, broken"},
		{"from the start", "", silence + 2*firstRetry, "open, connected, broken, open, connected, broken"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFakeEvents(t, stream{status: 200, text: c.text, stays: true, silent: true})
				ctx, cancel := context.WithTimeout(t.Context(), c.took)
				defer cancel()
				_ = f.feed().run(ctx)
				if got := strings.Join(f.noted, ", "); got != c.want {
					t.Errorf("the feed did %q; want %q", got, c.want)
				}
			})
		})
	}
}

// TestFeedRetry checks that after a working connection the first retry is soon again.
func TestFeedRetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		away := stream{}
		f := newFakeEvents(t, away, away, away, away, stream{status: 200, text: ":\n\n"}, stream{status: 200, stays: true})
		feed := f.feed()
		var broke time.Time
		var waited time.Duration
		feed.connected = func(connected bool) {
			switch {
			case !connected:
				broke = time.Now()
			case !broke.IsZero() && waited == 0:
				waited = time.Since(broke)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
		defer cancel()
		_ = feed.run(ctx)
		if waited < firstRetry || waited > firstRetry*5/4 {
			t.Errorf("the feed waited %v; want %v to %v", waited, firstRetry, firstRetry*5/4)
		}
	})
}

func TestWaitAfter(t *testing.T) {
	for failures, want := range []time.Duration{1, 2, 4, 4} {
		want *= time.Second
		for range 100 {
			if got := waitAfter(failures, nil); got < want/2 || got > want {
				t.Errorf("the wait after %d failures is %v; want %v to %v", failures, got, want/2, want)
			}
		}
	}
	if got := waitAfter(math.MaxInt, nil); got < lastRetry/2 || got > lastRetry {
		t.Errorf("the longest wait is %v; want %v to %v", got, lastRetry/2, lastRetry)
	}
	for asked, want := range map[time.Duration]time.Duration{20 * time.Second: 20 * time.Second, 24 * time.Hour: longestWait} {
		if got := waitAfter(0, &bridge.StatusError{Status: 503, Header: bridge.Header{"Retry-After": {strconv.Itoa(int(asked / time.Second))}}}); got != want {
			t.Errorf("with Retry-After %v the wait is %v; want %v", asked, got, want)
		}
	}
}
