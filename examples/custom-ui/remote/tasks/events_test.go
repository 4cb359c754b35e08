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

func TestEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t)
		readers := []*stream{n.listen(t.Context(), "i"), n.listen(t.Context(), "i")}
		other := n.listen(t.Context(), "other")

		added := n.add("i", "a <b> &\u00a0🙂")
		path := "/tasks/" + added.ID
		done := added
		done.Done = true
		withFile := done
		withFile.File = &file{"a.txt", "text/plain", 4}
		putFile := []string{"X-File-Name", "a.txt", "Content-Type", "text/plain"}
		for _, tt := range []struct {
			method, path, body string
			header             []string
			status             int
		}{
			{"POST", "/tasks", toJSON(map[string]string{"name": added.Name}), []string{"Idempotency-Key", added.Name}, 200}, // changes nothing
			{"PATCH", path, `{"done":true}`, nil, 200},
			{"PATCH", path, `{"done":7}`, nil, 400},
			{"PUT", path + "/file", "data", putFile, 200},
			{"DELETE", path + "/file", "", nil, 200},
			{"DELETE", path + "/file", "", nil, 404},
			{"PUT", path + "/file", "data", putFile, 200},
			{"DELETE", path, "", nil, 204},
			{"DELETE", path, "", nil, 404},
			{"POST", path + "/restore", "", nil, 200},
			{"POST", path + "/restore", "", nil, 200}, // changes nothing
			{"DELETE", path, "", nil, 204},
		} {
			if resp, body := n.do(tt.method, tt.path, tt.body, tt.header...); resp.StatusCode != tt.status {
				t.Fatalf("%s %s: %d %s; want %d", tt.method, tt.path, resp.StatusCode, body, tt.status)
			}
		}
		last := n.add("i", "last")

		for i, reader := range readers {
			for _, want := range []change{
				{kindAdded, added, nil}, {kindChanged, done, nil}, {kindChanged, withFile, nil}, {kindChanged, done, nil}, {kindChanged, withFile, nil},
				{kindDeleted, withFile, nil}, {kindAdded, withFile, new("")}, {kindDeleted, withFile, nil}, {kindAdded, last, nil},
			} {
				before, _ := strconv.ParseInt(reader.id, 10, 64)
				if got := reader.next(); toJSON(got) != toJSON(want) {
					t.Errorf("reader %d: %s; want %s", i, toJSON(got), toJSON(want))
				}
				if after, _ := strconv.ParseInt(reader.id, 10, 64); after != before+1 {
					t.Errorf("reader %d: id %d after %d; want the next number", i, after, before)
				}
			}
		}
		theirs := n.add("other", "theirs")
		if got := other.next(); got.Task != theirs {
			t.Errorf("the other installation got %s first; want its own task", toJSON(got))
		}
		for name, want := range map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": ""} {
			if got := other.resp.Header.Get(name); got != want {
				t.Errorf("%s = %q; want %q", name, got, want)
			}
		}
	})
}

func TestEventsAreResumed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t)
		first := n.listen(t.Context(), "i")
		start := first.id
		for i := range 3 {
			n.add("i", fmt.Sprint(i))
		}
		first.next()
		first.resp.Body.Close()
		for _, tt := range []struct{ lastID, want string }{{start, "0 1 2"}, {first.id, "1 2"}} {
			again := n.listen(t.Context(), "i", "Last-Event-ID", tt.lastID)
			if again.id != tt.lastID {
				t.Errorf("the stream begins at %s; want %s", again.id, tt.lastID)
			}
			for name := range strings.SplitSeq(tt.want, " ") {
				if got := again.next(); got.Task.Name != name {
					t.Errorf("after %s: %q; want %q", tt.lastID, got.Task.Name, name)
				}
			}
		}
		late := n.listen(t.Context(), "i")
		if want, _ := strconv.ParseInt(start, 10, 64); late.id != fmt.Sprint(want+3) {
			t.Errorf("a new reader begins at %s; want %d", late.id, want+3)
		}
		n.add("i", "3")
		if got := late.next(); got.Task.Name != "3" {
			t.Errorf("a new reader got %q first; want 3", got.Task.Name)
		}
	})
}

func TestEventsThatCannotBeResumed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t)
		for i := range maxRecent + 1 {
			n.add("i", fmt.Sprint(i))
		}
		last := n.listen(t.Context(), "i").id
		number, _ := strconv.ParseInt(last, 10, 64)
		for name, id := range map[string]string{
			"empty": "", "no number": "x", "zero": "0", "negative": "-1", "too old": fmt.Sprint(number - maxRecent - 1), "not yet": fmt.Sprint(number + 1),
			"too large": strings.Repeat("9", 40), "of another process": "7",
		} {
			s := n.listen(t.Context(), "i", "Last-Event-ID", id)
			if name2, data, _ := s.message(); name2 != "reset" || data == "" || s.id != last {
				t.Errorf("%s: %q %q with id %s; want a reset with data and id %s", name, name2, data, s.id, last)
			}
			s.resp.Body.Close()
		}
		oldest := n.listen(t.Context(), "i", "Last-Event-ID", fmt.Sprint(number-maxRecent))
		for range maxRecent {
			oldest.next()
		}
		if oldest.id != last {
			t.Errorf("the oldest resumed reader ends at %s; want %s", oldest.id, last)
		}
	})
}

// A stream outlives the server's deadlines and its token. It sends heartbeats, and ends after its time.
func TestEventsLifetime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t)
		s := n.listen(t.Context(), "i")
		begin := time.Now()
		data, err := io.ReadAll(s.resp.Body)
		if took := time.Since(begin); err != nil || took != streamTime {
			t.Errorf("the stream ended after %v with %v; want a clean end after %v", took, err, streamTime)
		}
		// The last heartbeat and the end come at the same time.
		if beats := strings.Count(string(data), ":\n\n"); beats != 19 && beats != 20 || len(data) != 3*beats {
			t.Errorf("the stream had %q; want 19 or 20 comments", data)
		}
	})
}

// The end also arrives if nothing was written for longer than the time limit of a write.
func TestEventsEndAfterAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t)
		s := n.listen(t.Context(), "i")
		time.Sleep((eventWriteTime + heartbeatTime) / 2)
		n.tasks.brokers.close()
		if data, err := io.ReadAll(s.resp.Body); err != nil || len(data) > 0 {
			t.Errorf("the stream ended with %q, %v; want a clean end", data, err)
		}
	})
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
		if got := readers(n.tasks.brokers, "i"); got != 20 {
			t.Fatalf("%d readers; want 20", got)
		}
		cancel()
		n.do("HEAD", "/tasks/events", "")
		synctest.Wait()
		if got := readers(n.tasks.brokers, "i"); got != 0 {
			t.Errorf("%d readers are left", got)
		}
		n.client.CloseIdleConnections()
		synctest.Wait()
		if after := goroutines(); len(after) > len(before) {
			t.Errorf("%d goroutines, %d before:\n%s", len(after), len(before), strings.Join(after, "\n\n"))
		}
	})
}

// goroutines returns the stacks of the goroutines in the bubble.
func goroutines() []string {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	return slices.DeleteFunc(strings.Split(string(stacks), "\n\n"), func(stack string) bool {
		return !strings.Contains(stack, "synctest bubble")
	})
}

// A reader that does not read loses its stream, and later its connection. Other readers miss no event.
func TestSlowReader(t *testing.T) {
	const changes = 200
	long := strings.Repeat("🙂", maxName-3)
	listen := func(t *testing.T, n *network) (slow, quick *stream) {
		slow, quick = n.listen(t.Context(), "i"), n.listen(t.Context(), "i")
		for i := range changes {
			added := n.add("i", fmt.Sprint(i, long))
			if got := quick.next(); got.Task != added {
				t.Fatalf("the quick reader got %v; want %v", got.Task, added)
			}
		}
		synctest.Wait()
		if got := readers(n.tasks.brokers, "i"); got != 1 {
			t.Fatalf("%d readers; want only the quick one", got)
		}
		return slow, quick
	}
	t.Run("that comes back", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			n := newNetwork(t)
			slow, quick := listen(t, n)
			heard := 0
			for name, _, ok := slow.message(); ok; name, _, ok = slow.message() {
				if name == "change" {
					heard++
				}
			}
			if err := slow.lines.Err(); err != nil || heard < maxPending || heard == changes {
				t.Fatalf("the slow reader got %d changes, then %v; want a clean end before all", heard, err)
			}
			again := n.listen(t.Context(), "i", "Last-Event-ID", slow.id)
			for ; heard < changes; heard++ {
				again.next()
			}
			if again.id != quick.id {
				t.Errorf("the stream ends at id %s; want %s", again.id, quick.id)
			}
		})
	})
	t.Run("that is stuck", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			n := newNetwork(t)
			slow, _ := listen(t, n)
			time.Sleep(eventWriteTime + time.Second)
			if _, err := io.ReadAll(slow.resp.Body); err == nil {
				t.Error("the connection was not closed")
			}
		})
	})
}

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
				t.Errorf("%s: the event came after %v; want at most %v", tt.name, took, pollTime)
			}
			before, _ := strconv.ParseInt(ids[len(ids)-1], 10, 64)
			if after, err := strconv.ParseInt(s.id, 10, 64); err != nil || after <= before {
				t.Errorf("%s: id %q after %q; want a greater one", tt.name, s.id, ids[len(ids)-1])
			}
			ids = append(ids, s.id)
			if name, _, ok := other.message(); name != "" || !ok || other.id != "0" {
				t.Errorf("%s: the other installation got %q, %v, at id %q; want a comment", tt.name, name, ok, other.id)
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
			t.Errorf("id %q after a request that changed nothing; want %q", s.id, last)
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
			t.Errorf("after the last id the reader got %q %q, %v; want a comment", name, data, ok)
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
			t.Errorf("after Close the stream did not end at once, but took %v", time.Since(began))
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
			t.Errorf("the stream sent %q; want its end", name)
		}
	})
}
