package tasks

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Of sixty uploads at once, only a few are received at the same time, and only a few of each installation. An upload
// that waits too long gets an answer to try again.
func TestConcurrentUploadsAreLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUploads()
		var busy, most int
		results := make(chan error)
		for i := range 60 {
			go func() {
				end, err := u.begin(t.Context(), fmt.Sprint("installation ", i%6))
				if err == nil {
					time.Sleep(4 * time.Second) // the time of an upload, in the bubble
					end()
				}
				results <- err
			}()
		}
		synctest.Wait()
		u.mu.Lock()
		most = u.all
		for installation, n := range u.each {
			if n > maxUploadsEach {
				t.Errorf("%s has %d uploads at once; want at most %d", installation, n, maxUploadsEach)
			}
		}
		u.mu.Unlock()
		if most != maxUploads {
			t.Errorf("%d uploads at once; want %d", most, maxUploads)
		}
		for range 60 {
			if err := <-results; errors.Is(err, errBusy) {
				busy++
			} else if err != nil {
				t.Error(err)
			}
		}
		// In 10 s three rounds of 16 begin: at 0 s, 4 s and 8 s.
		if busy != 60-3*maxUploads {
			t.Errorf("%d uploads were refused; want %d", busy, 60-3*maxUploads)
		}
		if u.all != 0 || len(u.each) != 0 {
			t.Errorf("after the uploads, %d of %d installations are counted; want none", u.all, len(u.each))
		}
	})
}

// One installation's uploads do not make another installation wait.
func TestUploadsOfOneInstallationDoNotBlockOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUploads()
		for range maxUploadsEach {
			if _, err := u.begin(t.Context(), "greedy"); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := u.begin(t.Context(), "other"); err != nil {
			t.Errorf("the other installation: error %v; want none", err)
		}
		if _, err := u.begin(t.Context(), "greedy"); !errors.Is(err, errBusy) {
			t.Errorf("one upload too many: error %v; want errBusy", err)
		}
	})
}

func TestQuota(t *testing.T) {
	c := newClient(t)
	tasks := newTestStore(t)
	tasks.maxTasks, tasks.maxBytes = 3, 10
	c.api = newAPI(tasks, newHub(), quiet(WithQuota(3, 10)))
	var ids []string
	for _, name := range []string{"a", "b", "c"} {
		var made task
		c.want(c.add(name, name), 201, &made)
		ids = append(ids, made.ID)
	}
	var answer struct{ Error string }
	c.want(c.add("d", "d"), 507, &answer)
	if !strings.Contains(answer.Error, "3 tasks") {
		t.Errorf("error %q; want it to name the limit", answer.Error)
	}
	c.want(c.add("a", "a"), 200, nil) // a repetition makes no new task
	c.want(c.do("DELETE", "/tasks/"+ids[2], ""), 204, nil)
	c.want(c.add("d", "d"), 201, nil)
	c.want(c.add("c", "c"), 404, nil)

	put := func(id, data string) *http.Request {
		return newRequest(http.MethodPut, "/tasks/"+id+"/file", data, "X-File-Name", "f")
	}
	send := func(r *http.Request, status int) { t.Helper(); c.want(c.send(r), status, nil) }
	send(put(ids[0], "123456"), 200)
	send(put(ids[1], "12345"), 507)
	chunked := put(ids[1], "12345")
	chunked.ContentLength = -1
	send(chunked, 507)
	send(put(ids[1], "1234"), 200)
	send(put(ids[0], "abcdef"), 200) // replaces its own six bytes
	other := c.as("installation-2")
	var made task
	other.want(other.add("a", "a"), 201, &made)
	other.want(other.do("PUT", "/tasks/"+made.ID+"/file", "0123456789", "X-File-Name", "f"), 200, nil)
}

// A task that is restored needs room too. Otherwise an installation could have any number of tasks.
func TestRestoreObeysTheQuota(t *testing.T) {
	c := newClient(t)
	tasks := newTestStore(t)
	tasks.maxTasks = 1
	c.api = newAPI(tasks, newHub(), quiet(WithQuota(1, 10)))
	var first, second task
	c.want(c.add("1", "first"), 201, &first)
	c.want(c.do("DELETE", "/tasks/"+first.ID, ""), 204, nil)
	c.want(c.add("2", "second"), 201, &second)
	c.want(c.do("POST", "/tasks/"+first.ID+"/restore", ""), 507, nil)
	c.want(c.do("POST", "/tasks/"+second.ID+"/restore", ""), 200, nil) // the task exists already
	c.want(c.do("DELETE", "/tasks/"+second.ID, ""), 204, nil)
	c.want(c.do("POST", "/tasks/"+first.ID+"/restore", ""), 200, nil)
	if got := names(t, tasks, "installation-1"); got != "first:false" {
		t.Errorf("the tasks are %s; want only the first", got)
	}
}

// fill makes the database refuse to grow.
func fill(t *testing.T, s *store) {
	t.Helper()
	s.db.SetMaxOpenConns(1) // the limit belongs to one connection
	pages := count(t, s, `PRAGMA page_count`)
	count(t, s, fmt.Sprintf(`PRAGMA max_page_count = %d`, pages))
}

func TestFullDatabase(t *testing.T) {
	c := newClient(t)
	service := New(newTestStore(t).db, WithLogger(discard))
	c.api = newAPI(service.tasks, service.hub, service.settings)
	var made task
	c.want(c.add("a", "a"), 201, &made)
	fill(t, service.tasks)

	var answer struct{ Error string }
	w := c.do("PUT", "/tasks/"+made.ID+"/file", strings.Repeat("x", 100_000), "X-File-Name", "f")
	c.want(w, 507, &answer)
	if !strings.Contains(answer.Error, "no room left on our side") {
		t.Errorf("upload: error %q; want that there is no room", answer.Error)
	}
	name := strings.Repeat("🙂", 200)
	status := 0
	for i := 0; i < 100 && status != 507; i++ { // until the last page is full
		w = c.add(fmt.Sprint("key ", i), name)
		status = w.Code
	}
	if status != 507 {
		t.Errorf("adding tasks ended with status %d; want 507", status)
	}
	c.want(c.do("GET", "/tasks", ""), 200, nil)
}

func TestHealthReportsAFullDatabase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t)
		health := func() (int, string) {
			resp, body := n.do("GET", "/healthz", "")
			return resp.StatusCode, body
		}
		// This runs before the check's first write, so that the check's own row does not fit.
		fill(t, n.tasks)
		if status, body := health(); status != 503 || !strings.Contains(body, "full") {
			t.Errorf("full: %d %s; want 503 and the reason", status, body)
		}
		count(t, n.tasks, `PRAGMA max_page_count = 1000000`)
		if status, _ := health(); status != 503 {
			t.Errorf("at once: %d; want the result of less than %v ago", status, probeTime)
		}
		time.Sleep(fullTime)
		if status, body := health(); status != 200 {
			t.Errorf("with room again: %d %s; want 200", status, body)
		}
		// A failed write is reported, even if the check's own write succeeds.
		mustAdd(t, n.tasks, "i", "k", "a")
		fill(t, n.tasks)
		n.tasks.receive(t.Context(), file{}, strings.NewReader(strings.Repeat("x", 100_000)), DefaultMaxFile)
		if status, body := health(); status != 503 {
			t.Errorf("after a failed upload: %d %s; want 503", status, body)
		}
	})
}

// Anybody may request the health check, so it must not write each time.
func TestHealthWritesSeldom(t *testing.T) {
	n := newNetwork(t)
	var before string
	for i := range 20 {
		if resp, body := n.do("GET", "/healthz", ""); resp.StatusCode != 200 {
			t.Fatalf("health: %d %s; want 200", resp.StatusCode, body)
		}
		var written string
		if err := n.tasks.db.QueryRow(`SELECT hex(data) FROM health`).Scan(&written); err != nil {
			t.Fatal(err)
		}
		if i > 0 && written != before {
			t.Fatalf("request %d wrote again", i+1)
		}
		before = written
	}
}
