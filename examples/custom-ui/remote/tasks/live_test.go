package tasks

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// tell makes a change that commits at once.
func tell(t *testing.T, b *brokers, installation, name string) {
	t.Helper()
	if err := b.change(t.Context(), installation, func(context.Context) (*change, error) {
		return &change{Kind: kindAdded, Task: task{Name: name}}, nil
	}); err != nil {
		t.Fatal(err)
	}
}

func mustSubscribe(t *testing.T, b *brokers, installation string, lastEventIDs ...string) *reader {
	t.Helper()
	r, err := b.subscribe(installation, lastEventIDs)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The second change must not begin to commit before the first one has been published.
func TestEventsAreInTheOrderOfCommits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBrokers()
		r := mustSubscribe(t, b, "i")
		release := make(chan struct{})
		begun, order := 0, ""
		slow := func(name string) {
			b.change(t.Context(), "i", func(context.Context) (*change, error) {
				begun++
				<-release
				order += name
				return &change{Kind: kindChanged, Task: task{Name: name}}, nil
			})
		}
		go slow("a")
		synctest.Wait()
		go slow("b")
		synctest.Wait()
		tell(t, b, "other", "another installation does not wait")
		if begun != 1 || len(r.events) != 0 {
			t.Fatalf("%d commits and %d events before the first commit ended; want one and none", begun, len(r.events))
		}
		close(release)
		synctest.Wait()
		first, second := <-r.events, <-r.events
		if want := `{"kind":"changed","task":{"id":"","name":"a","done":false}}`; order != "ab" || string(first.data) != want || second.id != first.id+1 {
			t.Errorf("committed %q, sent %s as %d and then %d; want ab, and a first", order, first.data, first.id, second.id)
		}
	})
}

func TestChangeOutlivesItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBrokers()
		r := mustSubscribe(t, b, "i")
		ctx, leave := context.WithCancel(t.Context())
		release := make(chan struct{})
		go b.change(ctx, "i", func(ctx context.Context) (*change, error) {
			<-release
			if ctx.Err() != nil {
				t.Error("the end of the caller's context ended the commit")
			}
			return &change{}, nil
		})
		synctest.Wait()
		leave()
		err := b.change(ctx, "i", func(context.Context) (*change, error) {
			t.Error("a change whose caller left while it waited was committed")
			return nil, nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v; want that of the context", err)
		}
		close(release)
		if e := <-r.events; e.name != "change" {
			t.Errorf("event %q; want the change that was in progress", e.name)
		}
	})
}

func TestWhichChangesMakeEvents(t *testing.T) {
	for _, tt := range []struct {
		name    string
		changed *change
		err     error
		want    string
	}{
		{"a change", &change{}, nil, "change"},
		{"nothing new", nil, nil, ""},
		{"no task", nil, errNoTask, ""},
		{"no file", nil, fmt.Errorf("wrapped: %w", errNoFile), ""},
		{"key taken", nil, errKeyTaken, ""},
		{"unknown outcome", nil, errors.New("disk full"), "reset"},
	} {
		b := newBrokers()
		r := mustSubscribe(t, b, "i")
		err := b.change(t.Context(), "i", func(context.Context) (*change, error) { return tt.changed, tt.err })
		got := ""
		if len(r.events) > 0 {
			got = (<-r.events).name
		}
		if got != tt.want || err != tt.err {
			t.Errorf("%s: event %q and error %v; want %q and %v", tt.name, got, err, tt.want, tt.err)
		}
		again := mustSubscribe(t, b, "i", fmt.Sprint(r.since))
		if (len(again.missed) == 1 && again.missed[0].name == tt.want) != (tt.want != "") {
			t.Errorf("%s: a reader that reconnects gets %v; want %q", tt.name, again.missed, tt.want)
		}
	}
}

func TestDroppedReader(t *testing.T) {
	b := newBrokers()
	r := mustSubscribe(t, b, "i")
	for i := range maxPending + 1 {
		tell(t, b, "i", fmt.Sprint(i))
	}
	last, count := int64(0), 0
	for e := range r.events {
		last, count = e.id, count+1
	}
	b.unsubscribe(r)
	again := mustSubscribe(t, b, "i", fmt.Sprint(last))
	if count != maxPending || len(again.missed) != 1 || again.missed[0].id != last+1 {
		t.Errorf("the reader got %d events, and then %v; want %d and the one that did not fit", count, again.missed, maxPending)
	}
}

func TestIdleBrokersAreRemoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBrokers()
		gone := mustSubscribe(t, b, "gone")
		b.unsubscribe(gone)
		mustSubscribe(t, b, "listening")
		time.Sleep(idleTime)
		tell(t, b, "busy", "a")
		if len(b.byInstallation) != 3 {
			t.Errorf("%d brokers; want 3, with the idle one", len(b.byInstallation))
		}
		time.Sleep(time.Second)
		mustSubscribe(t, b, "new")
		if _, there := b.byInstallation["gone"]; there || len(b.byInstallation) != 3 {
			t.Errorf("%d brokers, with the idle one: %v; want 3 without it", len(b.byInstallation), there)
		}
		// The new broker also uses new ids.
		if r := mustSubscribe(t, b, "gone", fmt.Sprint(gone.since)); len(r.missed) != 1 || r.missed[0].name != "reset" {
			t.Errorf("a reader that reconnects gets %v; want a reset", r.missed)
		}
	})
}

func TestTooManyReaders(t *testing.T) {
	b := newBrokers()
	first := mustSubscribe(t, b, "i")
	for range maxReaders - 1 {
		mustSubscribe(t, b, "i")
	}
	if _, err := b.subscribe("i", nil); err != errTooManyReaders {
		t.Errorf("one too many: %v; want errTooManyReaders", err)
	}
	mustSubscribe(t, b, "other")
	b.unsubscribe(first)
	mustSubscribe(t, b, "i")
}

func TestNoEventsWhileStopping(t *testing.T) {
	n := newClient(t)
	tasks := newLive(newTestStore(t))
	tasks.brokers.close()
	n.api = newAPI(tasks, quiet())
	w := n.do("GET", "/tasks/events", "")
	n.want(w, 503, nil)
	if w.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

// readers returns the number of an installation's readers.
func readers(b *brokers, installation string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.get(installation).readers)
}
