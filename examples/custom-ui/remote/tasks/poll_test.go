package tasks

import (
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

// reset reads the next event, which must be a reset.
func (s *stream) reset() {
	s.t.Helper()
	// Comments are messages without a name.
	for {
		name, data, ok := s.message()
		if !ok || name == "reset" && data == "{}" {
			if !ok {
				s.t.Fatal("the stream ends without a reset")
			}
			return
		}
		if name != "" || data != "" {
			s.t.Fatalf("event %q with %q; want a reset", name, data)
		}
	}
}

// Each change is reported, whichever process made it. This process shares only the database with the streams.
func TestPolledEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t, WithPolling())
		elsewhere := newStore(n.tasks.db)
		s, other := n.listen(t.Context(), "i"), n.listen(t.Context(), "other")
		added := mustAdd(t, elsewhere, "i", "k", "a")
		ids := []string{s.id}
		for _, tt := range []struct {
			name   string
			change func() error
		}{
			{"add", func() error { return nil }},
			{"mark", func() error { _, err := elsewhere.edit(t.Context(), "i", added.ID, nil, new(true)); return err }},
			{"attach", func() error {
				_, err := putFile(t, elsewhere, "i", added.ID, file{Name: "f"}, []byte("x"))
				return err
			}},
			{"replace", func() error {
				_, err := putFile(t, elsewhere, "i", added.ID, file{Name: "g"}, []byte("y"))
				return err
			}},
			{"detach", func() error { _, err := elsewhere.removeFile(t.Context(), "i", added.ID); return err }},
			{"delete", func() error { return elsewhere.remove(t.Context(), "i", added.ID) }},
		} {
			if err := tt.change(); err != nil {
				t.Fatalf("%s: %v", tt.name, err)
			}
			began := time.Now()
			s.reset()
			if took := time.Since(began); took > pollTime {
				t.Errorf("%s is told after %v; want at most %v", tt.name, took, pollTime)
			}
			before, _ := strconv.ParseInt(ids[len(ids)-1], 10, 64)
			if after, err := strconv.ParseInt(s.id, 10, 64); err != nil || after <= before {
				t.Errorf("%s: id %q after %q; want a greater one", tt.name, s.id, ids[len(ids)-1])
			}
			ids = append(ids, s.id)
			if name, _, ok := other.message(); name != "" || !ok || other.id != "0" {
				t.Errorf("%s: the other installation hears %q, %v, at id %q; want a comment", tt.name, name, ok, other.id)
			}
		}
		// A repeated request changes nothing, so there is no event.
		if _, created, _ := elsewhere.add(t.Context(), "i", "k", "a"); created {
			t.Error("a repeated request made a task")
		}
		last := s.id
		for _, _, ok := s.message(); ok; _, _, ok = s.message() {
		}
		if s.id != last {
			t.Errorf("id %q after a request that changed nothing; want %q still", s.id, last)
		}
	})
}

func TestPolledEventsAreResumed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t, WithPolling())
		n.add("i", "a")
		first := n.listen(t.Context(), "i")
		first.resp.Body.Close()
		for _, id := range []string{"", "x", "0", "-1", first.id + "0", "99999999999999999999"} {
			again := n.listen(t.Context(), "i", "Last-Event-ID", id)
			if again.reset(); again.id != first.id {
				t.Errorf("after %q the id is %q; want %q", id, again.id, first.id)
			}
			again.resp.Body.Close()
		}
		same := n.listen(t.Context(), "i", "Last-Event-ID", first.id)
		if name, data, ok := same.message(); name != "" || data != "" || !ok {
			t.Errorf("after the last id one hears %q %q, %v; want a comment", name, data, ok)
		}
		n.add("i", "b")
		same.reset()
	})
}

// A stream ends after its time, when its reader has left, and when the program is about to stop.
func TestPolledEventsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t, WithPolling())
		began := time.Now()
		s := n.listen(t.Context(), "i")
		comments := 0
		for _, _, ok := s.message(); ok; _, _, ok = s.message() {
			comments++
		}
		if took := time.Since(began); comments != maxPolls || took != maxPolls*pollTime {
			t.Errorf("%d comments in %v; want %d in %v", comments, took, maxPolls, maxPolls*pollTime)
		}

		s = n.listen(t.Context(), "i")
		began = time.Now()
		n.tasks.brokers.close()
		if _, _, ok := s.message(); ok || time.Since(began) > 0 {
			t.Errorf("after Close there is more, %v; want the end at once", time.Since(began))
		}
	})
}

func TestPolledEventsOfABrokenDatabase(t *testing.T) {
	c := newClient(t)
	s := newTestStore(t)
	c.api = newAPI(newLive(s), quiet(WithPolling()))
	s.db.Close()
	c.want(c.do(http.MethodGet, "/tasks/events", ""), 500, nil)
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t, WithPolling())
		stream := n.listen(t.Context(), "i")
		n.tasks.db.Close()
		if name, _, ok := stream.message(); ok {
			t.Errorf("the stream goes on with %q", name)
		}
	})
}
