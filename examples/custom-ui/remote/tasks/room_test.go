package tasks

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A file is written in pieces while it arrives. An upload never holds the whole file in memory.
func TestUploadIsStoredWhileItArrives(t *testing.T) {
	s := newTestStore(t)
	id := mustAdd(t, s, "i", "k", "a").ID
	want := bytes.Repeat([]byte("0123456789abcdef"), 3*pieceSize/16+1)
	body := &watchedReader{data: want, onRead: func(read int) {
		if stored := count(t, s, `SELECT COUNT(*) FROM pieces`); stored != read/pieceSize {
			t.Errorf("after %d bytes %d pieces are stored; want %d", read, stored, read/pieceSize)
		}
	}}
	f := file{Name: "f", Type: octetStream}
	c, err := s.receive(t.Context(), f, body, DefaultMaxFile)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.setFile(t.Context(), "i", id, f, c); err != nil {
		t.Fatal(err)
	}
	if _, _, got, err := readFile(t, s, "i", id); !bytes.Equal(got, want) || err != nil {
		t.Errorf("%d bytes, %v; want %d", len(got), err, len(want))
	}
	if body.largest > pieceSize {
		t.Errorf("one read asked for %d bytes; want at most %d", body.largest, pieceSize)
	}
	if n := count(t, s, `SELECT COUNT(*) FROM uploads`); n != 0 {
		t.Errorf("%d uploads are under way after the last one", n)
	}
}

// watchedReader calls onRead before each read with the number of bytes that were read before.
type watchedReader struct {
	data          []byte
	read, largest int
	onRead        func(read int)
}

func (r *watchedReader) Read(p []byte) (int, error) {
	r.onRead(r.read)
	r.largest = max(r.largest, len(p))
	n := copy(p, r.data[r.read:])
	if r.read += n; n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// A failed upload leaves nothing behind, whatever the reason.
func TestFailedUploadLeavesNoPieces(t *testing.T) {
	s := newTestStore(t)
	s.maxBytes = 2 * pieceSize
	id := mustAdd(t, s, "i", "k", "a").ID
	broken := errors.New("broken")
	cancelled, cancel := context.WithCancel(t.Context())
	for name, tt := range map[string]struct {
		ctx  context.Context
		body io.Reader
		want error
	}{
		"broken":     {t.Context(), io.MultiReader(bytes.NewReader(make([]byte, pieceSize+1)), &errorReader{broken}), errBroken},
		"too large":  {t.Context(), bytes.NewReader(make([]byte, 4*pieceSize+1)), errTooLarge},
		"over quota": {t.Context(), bytes.NewReader(make([]byte, 3*pieceSize)), errOverQuota},
		"user has left": {cancelled, io.MultiReader(bytes.NewReader(make([]byte, pieceSize)), readerFunc(func([]byte) (int, error) {
			cancel()
			return 0, io.EOF
		})), context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			f := file{Name: "f"}
			c, err := s.receive(tt.ctx, f, tt.body, 4*pieceSize)
			if err == nil {
				if _, err = s.setFile(tt.ctx, "i", id, f, c); err != nil {
					s.discard(tt.ctx, c)
				}
			}
			if !errors.Is(err, tt.want) {
				t.Errorf("error %v; want %v", err, tt.want)
			}
			if pieces, uploads := count(t, s, `SELECT COUNT(*) FROM pieces`), count(t, s, `SELECT COUNT(*) FROM uploads`); pieces+uploads != 0 {
				t.Errorf("%d pieces and %d uploads are left", pieces, uploads)
			}
		})
	}
}

type errorReader struct{ err error }

func (r *errorReader) Read([]byte) (int, error) { return 0, r.err }

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// If a process ends during an upload, the pieces are removed with the trash. An upload that is still running stays.
func TestAbandonedUploadsGo(t *testing.T) {
	s := newTestStore(t)
	old, err := s.receive(t.Context(), file{}, strings.NewReader("old"), 10)
	if err != nil {
		t.Fatal(err)
	}
	young, err := s.receive(t.Context(), file{}, strings.NewReader("young"), 10)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.db.Exec(`UPDATE uploads SET started_at = started_at - ? WHERE content = ?`, int(abandonTime.Seconds()), old.id); err != nil {
		t.Fatal(err)
	}
	if err := s.emptyTrash(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.piece(t.Context(), old, 0); !errors.Is(err, errNoPiece) {
		t.Errorf("the abandoned content: %v; want errNoPiece", err)
	}
	if data, err := s.piece(t.Context(), young, 0); string(data) != "young" || err != nil {
		t.Errorf("the content under way: %q, %v", data, err)
	}
}

// During an upload the clock may be set forward, or a laptop may sleep. If the upload is then taken for a failed one,
// it must not become a file without its beginning, and none of its pieces may stay.
func TestAbandonedUploadDoesNotBecomeAFile(t *testing.T) {
	for name, ends := range map[string]bool{"before its end": false, "at its end": true} {
		t.Run(name, func(t *testing.T) {
			s := newTestStore(t)
			id := mustAdd(t, s, "i", "k", "a").ID
			abandon := func() {
				if _, err := s.db.Exec(`UPDATE uploads SET started_at = started_at - ?`, int(abandonTime.Seconds())); err != nil {
					t.Fatal(err)
				}
				if err := s.emptyTrash(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			body := &watchedReader{data: make([]byte, 3*pieceSize), onRead: func(read int) {
				if read == 2*pieceSize && !ends {
					abandon()
				}
			}}
			c, err := s.receive(t.Context(), file{Name: "f"}, body, DefaultMaxFile)
			if err == nil {
				if ends {
					abandon()
				}
				_, err = s.setFile(t.Context(), "i", id, file{Name: "f"}, c)
			}
			if !errors.Is(err, errAbandoned) {
				t.Errorf("error %v; want errAbandoned", err)
			}
			if _, _, _, err := readFile(t, s, "i", id); !errors.Is(err, errNoFile) {
				t.Errorf("the task's file: %v; want errNoFile", err)
			}
			if n := count(t, s, `SELECT COUNT(*) FROM pieces`); n != 0 {
				t.Errorf("%d pieces are left", n)
			}
		})
	}
}

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
			t.Errorf("%d uploads were told to come again; want %d", busy, 60-3*maxUploads)
		}
		if u.all != 0 || len(u.each) != 0 {
			t.Errorf("afterwards %d uploads of %d installations are counted", u.all, len(u.each))
		}
	})
}

// One installation's uploads do not make another installation wait.
func TestUploadsOfOneInstallationLeaveRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUploads()
		for range maxUploadsEach {
			if _, err := u.begin(t.Context(), "greedy"); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := u.begin(t.Context(), "other"); err != nil {
			t.Errorf("the other installation: %v", err)
		}
		if _, err := u.begin(t.Context(), "greedy"); !errors.Is(err, errBusy) {
			t.Errorf("one more of the first: %v; want errBusy", err)
		}
	})
}

func TestQuota(t *testing.T) {
	c := newClient(t)
	tasks := newTestStore(t)
	tasks.maxTasks, tasks.maxBytes = 3, 10
	c.api = newAPI(newLive(tasks), quiet(WithQuota(3, 10)))
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
	c.api = newAPI(newLive(tasks), quiet(WithQuota(1, 10)))
	var first, second task
	c.want(c.add("1", "first"), 201, &first)
	c.want(c.do("DELETE", "/tasks/"+first.ID, ""), 204, nil)
	c.want(c.add("2", "second"), 201, &second)
	c.want(c.do("POST", "/tasks/"+first.ID+"/restore", ""), 507, nil)
	c.want(c.do("POST", "/tasks/"+second.ID+"/restore", ""), 200, nil) // the task exists already
	c.want(c.do("DELETE", "/tasks/"+second.ID, ""), 204, nil)
	c.want(c.do("POST", "/tasks/"+first.ID+"/restore", ""), 200, nil)
	if got := names(t, tasks, "installation-1"); got != "first:false" {
		t.Errorf("the tasks are %s", got)
	}
}

// The ids of deleted tasks stay. They must not make an installation's changes slow, because all installations wait for
// one writer.
func TestDeletedTasksAreNotLookedAt(t *testing.T) {
	s := newTestStore(t)
	for _, query := range []string{`SELECT ` + countTasks, selectTasks + ` ORDER BY t.seq`} {
		rows, err := s.db.Query(`EXPLAIN QUERY PLAN `+query, "i")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		var plan string
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			plan += detail + "\n"
		}
		if !strings.Contains(plan, "tasks_present (installation=?)") || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s\nis done like this:\n%s", query, plan)
		}
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
	c.api = newAPI(service.tasks, service.settings)
	var made task
	c.want(c.add("a", "a"), 201, &made)
	fill(t, service.tasks.store)

	var answer struct{ Error string }
	w := c.do("PUT", "/tasks/"+made.ID+"/file", strings.Repeat("x", 100_000), "X-File-Name", "f")
	c.want(w, 507, &answer)
	if !strings.Contains(answer.Error, "no room left on our side") {
		t.Errorf("upload: error %q", answer.Error)
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
		fill(t, n.tasks.store)
		if status, body := health(); status != 503 || !strings.Contains(body, "full") {
			t.Errorf("full: %d %s; want 503 and the reason", status, body)
		}
		count(t, n.tasks.store, `PRAGMA max_page_count = 1000000`)
		if status, _ := health(); status != 503 {
			t.Errorf("at once: %d; want what was found less than %v ago", status, probeTime)
		}
		time.Sleep(fullTime)
		if status, body := health(); status != 200 {
			t.Errorf("with room again: %d %s; want 200", status, body)
		}
		// A failed write is reported, even if the check's own write succeeds.
		n.tasks.add(t.Context(), "i", "k", "a")
		fill(t, n.tasks.store)
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
			t.Fatalf("%d %s", resp.StatusCode, body)
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

// If a file is replaced during a download, the connection breaks, so that the reader does not accept a mixture of both
// files.
func TestDownloadOfAReplacedFileBreaksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t)
		path := "/tasks/" + n.add("i", "a").ID + "/file"
		n.do("PUT", path, strings.Repeat("1", 8*pieceSize), "X-File-Name", "f")
		resp, err := n.client.Do(n.request(t.Context(), "i", "GET", path, nil))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		n.do("PUT", path, strings.Repeat("2", 8*pieceSize), "X-File-Name", "f")
		data, err := io.ReadAll(resp.Body)
		if err == nil || bytes.ContainsRune(data, '2') {
			t.Errorf("%d bytes, %v; want a part of the old file and an error", len(data), err)
		}
		if _, got := n.do("GET", path, ""); got != strings.Repeat("2", 8*pieceSize) {
			t.Errorf("the next download has %d bytes", len(got))
		}
	})
}
