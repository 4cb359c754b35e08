//go:build !tinygo

package bridge_test

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

func TestResponseRetryAfter(t *testing.T) {
	tests := map[string]time.Duration{
		"": 0, "0": 0, "5": 5 * time.Second, "0000000000005": 5 * time.Second, "99999999999999999999": 9223372036 * time.Second,
		"-1": 0, "+1": 0, "1.5": 0, "1s": 0, "٣": 0,
		"Sat, 01 Jan 2000 00:00:30 GMT": 30 * time.Second, "Saturday, 01-Jan-00 00:00:30 GMT": 30 * time.Second,
		"Sat Jan  1 00:00:30 2000": 30 * time.Second, "Fri, 31 Dec 1999 23:59:59 GMT": 0, "Sat, 01 Jan 2000 00:00:30 CET": 0,
	}
	synctest.Test(t, func(t *testing.T) { // the time starts at 2000-01-01 00:00:00 UTC
		for value, want := range tests {
			r := bridge.Response{Header: bridge.Header{"Retry-After": {value}}}
			if got := r.RetryAfter(); got != want {
				t.Errorf("%q: %v, want %v", value, got, want)
			}
		}
		r := bridge.Response{Header: bridge.Header{"Retry-After": {"Mon, 01 Jan 2035 00:00:30 GMT"}, "Date": {"Mon, 01 Jan 2035 00:00:10 GMT"}}}
		if got := r.RetryAfter(); got != 20*time.Second {
			t.Errorf("by the remote's clock: %v, want 20s", got)
		}
	})
}

// TestEventsReconnectRequests tests what a remote sees when a stream breaks: the wait that it asked for, and the id of
// the last event, which may be any text in UTF-8.
func TestEventsReconnectRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ids [][]string
		var times []time.Duration
		start := time.Now()
		host := bridgetest.NewHost(t)
		host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ids = append(ids, r.Header.Values("Last-Event-Id"))
			times = append(times, time.Since(start))
			w.Header().Set("Content-Type", "text/event-stream")
			switch len(ids) {
			case 1: // no id yet: the page's own stays
				fmt.Fprint(w, "retry: 0\ndata: a\n\n")
			case 2:
				fmt.Fprint(w, "id: 世\U0001F389\u00E9\ndata: b\n\nid: unfinished")
			case 3:
				w.Header().Set("Retry-After", "20")
				w.WriteHeader(http.StatusServiceUnavailable)
			case 4:
				fmt.Fprint(w, "id\ndata: c\n\n")
			default:
				w.WriteHeader(http.StatusNoContent)
			}
		}))
		request := bridge.Request{Path: "/events", Header: bridge.Header{"last-event-id": {"6"}}}
		ctx := host.Context(t, bridge.WithDirect(bridge.HostTokens()))
		var got []string
		for event, err := range bridge.ServerSentEvents(ctx, "tasks-api", request) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, event.ID+" "+event.Data)
		}
		if want := []string{" a", "世🎉é b", " c"}; !reflect.DeepEqual(got, want) {
			t.Errorf("events %q, want %q", got, want)
		}
		if want := [][]string{{"6"}, {"6"}, {"世🎉é"}, {"世🎉é"}, nil}; !reflect.DeepEqual(ids, want) {
			t.Errorf("asked with Last-Event-ID %q, want %q", ids, want)
		}
		if len(times) != 5 {
			t.Fatalf("the requests came at %v, want 5", times)
		}
		if waited := times[3] - times[2]; waited < 20*time.Second || waited > 25*time.Second {
			t.Errorf("waited %v, want 20 to 25 s", waited)
		}
		if waited := times[4] - times[3]; waited > 20*time.Millisecond {
			t.Errorf("then waited %v, want the retry time of the stream", waited)
		}
	})
}

// TestEventsContextWhileWaiting checks that the loop ends at once if the context ends during a long Retry-After.
func TestEventsContextWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		host := bridgetest.NewHost(t)
		host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if asked++; asked > 1 {
				w.Header().Set("Retry-After", "500")
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			w.Header().Set("Content-Type", "text/event-stream")
		}))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		var err error
		for _, err = range bridge.ServerSentEvents(bridge.NewContext(ctx, host.Client(bridge.WithDirect(bridge.HostTokens()))), "tasks-api", bridge.Request{Path: "/events"}) {
		}
		if err == nil || time.Since(start) != time.Minute || asked != 2 {
			t.Errorf("ended after %v and %d requests: %v", time.Since(start), asked, err)
		}
	})
}
