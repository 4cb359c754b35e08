//go:build !tinygo

package bridge

import (
	"context"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/secret"
)

// live is a remote whose streams stay open. Each request gets the next text, and the body stays open until its context
// ends. After the last text, requests fail.
type live struct {
	texts []string
	// later is written to the first stream after each of these times.
	later []time.Duration
	// call is when the page sends another request, which fails, unless it is 0.
	call time.Duration
	// sent counts the requests for events.
	sent int
}

func (l *live) Fetch(ctx context.Context, r FetchRequest) (FetchResponse, error) {
	if !strings.HasSuffix(r.URL, "/events") {
		return FetchResponse{}, ErrNetwork
	}
	l.sent++
	if len(l.texts) == 0 {
		return FetchResponse{}, ErrNetwork
	}
	text, later := l.texts[0], l.later
	l.texts, l.later = l.texts[1:], nil
	reader, writer := io.Pipe()
	context.AfterFunc(ctx, func() { _ = writer.CloseWithError(context.Cause(ctx)) })
	go func() {
		_, _ = io.WriteString(writer, text)
		for _, d := range later {
			time.Sleep(d)
			_, _ = io.WriteString(writer, ":\n")
		}
	}()
	return FetchResponse{Status: 200, Header: Header{"Content-Type": {"text/event-stream"}}, Body: reader}, nil
}

// follow runs a loop over the events of l until its context ends, and returns the states with the time of each.
func follow(ctx context.Context, l *live, options ...ServerSentOption) (states []string, err error) {
	start := time.Now()
	client := New(nil, WithFetcher(l), WithDirect(StaticToken(Token{Value: secret.New("t"), BaseURL: "https://tasks.example.com"})))
	ctx = NewContext(ctx, client)
	if l.call > 0 {
		time.AfterFunc(l.call, func() { _, _ = RequestRemote(ctx, "tasks-api", Request{Path: "/other"}) })
	}
	options = append(options, WithStates(func(s ServerSentState) {
		line := time.Since(start).String() + " " + s.Phase.String()
		if s.LastEventID != "" {
			line += " after " + s.LastEventID
		}
		if s.Err != nil {
			line += ": " + s.Err.Error()
		}
		if s.Until.IsZero() == (s.Phase == ServerSentWaiting) {
			line += " until " + s.Until.String()
		}
		states = append(states, line)
	}))
	for _, err = range ServerSentEvents(ctx, "tasks-api", Request{Path: "/events"}, options...) {
	}
	return states, err
}

// before returns a context that ends after d, and so before a wait of at least one second ends.
func before(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

const (
	asked   = `bridge: requestRemote "tasks-api": `
	timeout = asked + "context deadline exceeded"
)

func TestStates(t *testing.T) {
	signs := func(d time.Duration) <-chan struct{} {
		c := make(chan struct{})
		time.AfterFunc(d, func() {
			c <- struct{}{}
			close(c)
		})
		return c
	}
	for name, tt := range map[string]struct {
		live    live
		options func() []ServerSentOption
		ends    time.Duration
		want    []string
	}{
		"an id without data": {live{texts: []string{"id: 7\n\nretry: 5000\n\ndata: x\n\n"}}, nil, time.Second, []string{
			"0s connecting", "0s open", "1s closed after 7: " + timeout}},
		"no network at first": {live{}, nil, 500 * time.Millisecond, []string{
			"0s connecting", "0s waiting: " + asked + ErrNetwork.Error(), "500ms closed: " + timeout}},
		"silence": {live{texts: []string{"id: 7\n\n"}, later: []time.Duration{9 * time.Second, 9 * time.Second}},
			func() []ServerSentOption { return []ServerSentOption{WithMaxSilence(10 * time.Second)} }, 28500 * time.Millisecond, []string{
				"0s connecting", "0s open", "28s waiting after 7: " + asked + "nothing has arrived for 10s", "28.5s closed after 7: " + timeout}},
		"another call fails": {live{texts: []string{"id: 7\n\n"}, call: 2 * time.Second}, nil, 2500 * time.Millisecond, []string{
			"0s connecting", "0s open", "2s waiting after 7: " + asked + "another request to the remote has failed", "2.5s closed after 7: " + timeout}},
		"the app asks": {live{texts: []string{"id: 7\n\n", "id: 8\n\n"}}, func() []ServerSentOption {
			return []ServerSentOption{WithReconnect(signs(time.Second))}
		}, 2 * time.Second, []string{
			"0s connecting", "0s open", "1s connecting after 7", "1s open after 7", "2s closed after 8: " + timeout}},
		"the app asks during a wait": {live{}, func() []ServerSentOption {
			return []ServerSentOption{WithReconnect(signs(100 * time.Millisecond))}
		}, 200 * time.Millisecond, []string{
			"0s connecting", "0s waiting: " + asked + ErrNetwork.Error(), "100ms connecting", "100ms waiting: " + asked + ErrNetwork.Error(), "200ms closed: " + timeout}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var options []ServerSentOption
				if tt.options != nil {
					options = tt.options()
				}
				states, err := follow(before(t, tt.ends), &tt.live, options...)
				if !reflect.DeepEqual(states, tt.want) {
					t.Errorf("got\n%s\nwant\n%s", strings.Join(states, "\n"), strings.Join(tt.want, "\n"))
				}
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("the loop ended with %v", err)
				}
			})
		})
	}
}

// While the app handles an event, nothing is read. That is no silence of the remote.
func TestSilenceWhileTheAppIsBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &live{texts: []string{"data: x\n\n"}}
		client := New(nil, WithFetcher(l), WithDirect(StaticToken(Token{Value: secret.New("t"), BaseURL: "https://tasks.example.com"})))
		broken := false
		ctx := before(t, time.Minute+time.Second/2)
		for range ServerSentEvents(NewContext(ctx, client), "tasks-api", Request{Path: "/events"}, WithMaxSilence(time.Second),
			WithStates(func(s ServerSentState) { broken = broken || s.Phase == ServerSentWaiting })) {
			if ctx.Err() == nil {
				time.Sleep(time.Minute)
			}
		}
		if broken || l.sent != 1 {
			t.Errorf("broken: %v, requests %d", broken, l.sent)
		}
	})
}

func TestMaxWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		away := answer{err: &Error{Op: "requestRemote", Err: ErrNetwork}}
		to, _ := playing(away, away, away, away, away, answer{status: 204})
		for range ServerSentEvents(awayFromBrowser(t.Context()), to, Request{Path: "/"}, WithMaxWait(2*time.Second)) {
		}
		// Waits of 1, 2, 2, 2 and 2 s, each with up to 25 % jitter.
		if waited := time.Since(start); waited < 9*time.Second || waited > 11250*time.Millisecond {
			t.Errorf("waited %v", waited)
		}
	})
}

// A loop that ends leaves no goroutine behind, and reports that.
func TestStatesWhenTheAppLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var phases []string
		resp := &Response{Status: 200, Header: Header{"Content-Type": {"text/event-stream"}}, Body: io.NopCloser(strings.NewReader("data: x\n\n"))}
		for range ServerSentEvents(awayFromBrowser(t.Context()), once(resp), Request{Path: "/"}, WithStates(func(s ServerSentState) {
			if s.Err != nil {
				t.Error(s.Err)
			}
			phases = append(phases, s.Phase.String())
		})) {
			break
		}
		if want := []string{"connecting", "open", "closed"}; !reflect.DeepEqual(phases, want) {
			t.Errorf("got %q, want %q", phases, want)
		}
	})
}

func TestInvalidServerSentOption(t *testing.T) {
	for name, with := range map[string]func(time.Duration) ServerSentOption{"WithMaxSilence": WithMaxSilence, "WithMaxWait": WithMaxWait} {
		for _, d := range []time.Duration{0, -1} {
			var errs []error
			for _, err := range ServerSentEvents(t.Context(), "tasks-api", Request{Path: "/"}, nil, with(d)) {
				errs = append(errs, err)
			}
			if len(errs) != 1 || !errors.Is(errs[0], ErrInvalidRequest) || !strings.Contains(errs[0].Error(), name) {
				t.Errorf("%s: got %v", name, errs)
			}
		}
	}
}
