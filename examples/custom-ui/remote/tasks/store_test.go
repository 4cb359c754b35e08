package tasks

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/forgego/forgego/examples/custom-ui/remote/sqlite"
)

func openStore(t *testing.T, path string) *store {
	t.Helper()
	db, err := sqlite.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := Migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return newStore(db)
}

func newTestStore(t *testing.T) *store {
	return openStore(t, filepath.Join(t.TempDir(), "tasks.db"))
}

func mustAdd(t *testing.T, s *store, installation, key, name string) task {
	t.Helper()
	added, created, err := s.add(t.Context(), installation, key, name)
	if err != nil || !created {
		t.Fatalf("add %q = %v, %v; want it to be created", name, created, err)
	}
	return added
}

func names(t *testing.T, s *store, installation string) string {
	t.Helper()
	tasks, err := s.list(t.Context(), installation)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, task := range tasks {
		list = append(list, fmt.Sprintf("%s:%v", task.Name, task.Done))
	}
	return strings.Join(list, " ")
}

func TestStoreKeepsTheOrderOfCreation(t *testing.T) {
	s := newTestStore(t)
	b := mustAdd(t, s, "i", "1", "b")
	mustAdd(t, s, "i", "2", "a")
	c := mustAdd(t, s, "i", "3", "c")
	if _, err := s.edit(t.Context(), "i", b.ID, nil, nil, new(true)); err != nil {
		t.Fatal(err)
	}
	if err := s.remove(t.Context(), "i", c.ID); err != nil {
		t.Fatal(err)
	}
	mustAdd(t, s, "i", "4", "d")
	if got, want := names(t, s, "i"), "b:true a:false d:false"; got != want {
		t.Errorf("tasks %q; want %q", got, want)
	}
}

func TestStoreAddsOncePerKeyUnderConcurrency(t *testing.T) {
	s := newTestStore(t)
	const n = 40
	ids := make([]string, n)
	created := make([]bool, n)
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() {
			added, isNew, err := s.add(t.Context(), "i", fmt.Sprint("key", i%2), fmt.Sprint("name", i%2))
			if err != nil {
				t.Error(err)
			}
			ids[i], created[i] = added.ID, isNew
		})
	}
	group.Wait()
	count := 0
	for i := range n {
		if created[i] {
			count++
		}
		if ids[i] != ids[i%2] {
			t.Errorf("add %d returned another task than the others with its key", i)
		}
	}
	if tasks, err := s.list(t.Context(), "i"); count != 2 || err != nil || len(tasks) != 2 {
		t.Errorf("%d created, %d there, %v; want 2", count, len(tasks), err)
	}
}

func TestStoreSurvivesARestart(t *testing.T) {
	name := "with ? and # and % in it.db"
	if runtime.GOOS == "windows" {
		name = "with # and % in it.db" // no name there has a ?
	}
	path := filepath.Join(t.TempDir(), name)
	s := openStore(t, path)
	added := mustAdd(t, s, "i", "key", "Größe 🙂 \x00 %")
	s.db.Close()

	s = openStore(t, path)
	if got, want := names(t, s, "i"), added.Name+":false"; got != want {
		t.Errorf("tasks %q; want %q", got, want)
	}
	if again, created, err := s.add(t.Context(), "i", "key", added.Name); err != nil || created || again.ID != added.ID {
		t.Errorf("repeated add after a restart = %v, %v, %v; want the same task", again, created, err)
	}
}

func TestRestore(t *testing.T) {
	s := newTestStore(t)
	a, b, c := mustAdd(t, s, "i", "1", "a"), mustAdd(t, s, "i", "2", "b"), mustAdd(t, s, "i", "3", "c")
	with, err := putFile(t, s, "i", b.ID, file{Name: "f"}, []byte("data"))
	if err != nil {
		t.Fatal(err)
	}
	for _, delete := range [][]task{{b}, {a, b, c}} {
		t.Run(fmt.Sprintf("%d deleted", len(delete)), func(t *testing.T) {
			for _, gone := range delete {
				if err := s.remove(t.Context(), "i", gone.ID); err != nil {
					t.Fatal(err)
				}
			}
			if _, _, _, err := readFile(t, s, "i", b.ID); !errors.Is(err, errNoTask) {
				t.Errorf("the file of a deleted task: %v; want errNoTask", err)
			}
			if _, err := s.removeFile(t.Context(), "i", b.ID, nil); !errors.Is(err, errNoTask) {
				t.Errorf("removing the file of a deleted task: %v; want errNoTask", err)
			}
			if _, _, err := s.restore(t.Context(), "theirs", b.ID); !errors.Is(err, errNoTask) {
				t.Errorf("by another installation: %v; want errNoTask", err)
			}
			want := a.ID
			if len(delete) == 3 {
				want = ""
			}
			for i := range 2 { // the second time the task is not deleted
				if got, after, err := s.restore(t.Context(), "i", b.ID); err != nil || toJSON(got) != toJSON(with) || after != want {
					t.Errorf("try %d returned %s after %q, %v; want %s after %q", i, toJSON(got), after, err, toJSON(with), want)
				}
			}
			if _, _, data, err := readFile(t, s, "i", b.ID); err != nil || string(data) != "data" {
				t.Errorf("its file is %q, %v; want data", data, err)
			}
			if n := count(t, s, `SELECT COUNT(*) FROM tasks WHERE id = ? AND deleted_at IS NOT NULL`, b.ID); n != 0 {
				t.Error("the task is still deleted")
			}
		})
	}
	for id, want := range map[string]string{a.ID: "", c.ID: b.ID} {
		if _, after, err := s.restore(t.Context(), "i", id); err != nil || after != want {
			t.Errorf("after %q, %v; want %q", after, err, want)
		}
	}
	if got := names(t, s, "i"); got != "a:false b:false c:false" {
		t.Errorf("the tasks are %s; want all three", got)
	}
	if _, _, err := s.restore(t.Context(), "i", "none"); !errors.Is(err, errNoTask) {
		t.Errorf("an unknown task: error %v; want errNoTask", err)
	}
}

// A process searches the trash at most once a minute.
func TestMayEmpty(t *testing.T) {
	s := newTestStore(t)
	if !s.mayEmpty() || s.mayEmpty() {
		t.Error("mayEmpty must return true, then false")
	}
	before := time.Now().Add(-emptyTime)
	s.emptied.Store(&before)
	if !s.mayEmpty() {
		t.Error("mayEmpty returns false after a minute")
	}
}

func TestRestoreAPI(t *testing.T) {
	c := newClient(t)
	var first, second, back task
	c.want(c.add("1", "a"), 201, &first)
	c.want(c.add("2", "b"), 201, &second)
	c.want(c.do("PATCH", "/tasks/"+second.ID, `{"name":"  c ","done":true}`), 200, &back)
	if back.Name != "c" || !back.Done {
		t.Errorf("PATCH returned %v; want c, done", back)
	}
	c.want(c.do("DELETE", "/tasks/"+second.ID, ""), 204, nil)
	var got restored
	c.want(c.do("POST", "/tasks/"+second.ID+"/restore", ""), 200, &got)
	if got.Task != back || got.After != first.ID {
		t.Errorf("restore returned %+v; want %v after %s", got, back, first.ID)
	}
	c.want(c.as("other").do("POST", "/tasks/"+second.ID+"/restore", ""), 404, nil)
	c.want(c.do("POST", "/tasks/none/restore", ""), 404, nil)
	c.want(c.do("GET", "/tasks/"+second.ID+"/restore", ""), 405, nil)
	for _, body := range []string{`{}`, `{"name":""}`, `{"name":"` + strings.Repeat("a", 201) + `"}`, `{"name":7}`} {
		c.want(c.do("PATCH", "/tasks/"+second.ID, body), 400, nil)
	}
}

// The ids of deleted tasks stay. They must not make an installation's changes slow, because all installations wait for
// one writer.
func TestDeletedTasksAreNotRead(t *testing.T) {
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
			t.Errorf("the plan of %s is\n%s\nwant the index tasks_present and no sorting", query, plan)
		}
	}
}

func count(t *testing.T, s *store, query string, arguments ...any) (n int) {
	t.Helper()
	if err := s.db.QueryRow(query, arguments...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// age changes the time of a task's deletion to this many seconds ago.
func age(t *testing.T, s *store, id string, seconds int) {
	t.Helper()
	if _, err := s.db.ExecContext(t.Context(), `UPDATE tasks SET deleted_at = unixepoch() - ? WHERE id = ?`, seconds, id); err != nil {
		t.Fatal(err)
	}
}

// A key makes one task. A request that arrives again gets the task as it is now.
func TestOneTaskForEachKey(t *testing.T) {
	s := newTestStore(t)
	first := mustAdd(t, s, "i", "key", "a")
	again := func(name string) (task, error) {
		t.Helper()
		got, created, err := s.add(t.Context(), "i", "key", name)
		if created {
			t.Errorf("the key made a second task, %v", got)
		}
		return got, err
	}
	if _, err := again("b"); !errors.Is(err, errKeyTaken) {
		t.Errorf("another name: error %v; want errKeyTaken", err)
	}
	for _, change := range []struct {
		name *string
		done *bool
	}{{nil, new(true)}, {new("renamed"), nil}, {new("renamed"), new(false)}} {
		changed, err := s.edit(t.Context(), "i", first.ID, nil, change.name, change.done)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := again("a"); err != nil || got != changed {
			t.Errorf("the same request again: %v, %v; want %v", got, err, changed)
		}
	}
	if err := s.remove(t.Context(), "i", first.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := again("a"); !errors.Is(err, errNoTask) {
		t.Errorf("after the deletion: error %v; want errNoTask, because a late request must not restore a task", err)
	}
	mustAdd(t, s, "other", "key", "a")
}

// An hour after its deletion, a task cannot be restored. The next write of any installation removes its row and its file.
func TestEmptyTrash(t *testing.T) {
	s := newTestStore(t)
	old, young := mustAdd(t, s, "i", "1", "old"), mustAdd(t, s, "i", "2", "young")
	for _, gone := range []task{old, young} {
		if _, err := putFile(t, s, "i", gone.ID, file{Name: "f"}, []byte("data")); err != nil {
			t.Fatal(err)
		}
		if err := s.remove(t.Context(), "i", gone.ID); err != nil {
			t.Fatal(err)
		}
	}
	age(t, s, old.ID, 3600)
	age(t, s, young.ID, 3500)
	if _, _, err := s.restore(t.Context(), "i", old.ID); !errors.Is(err, errNoTask) {
		t.Errorf("restoring after an hour: error %v; want errNoTask", err)
	}
	s.emptied.Store(nil) // as if this process had not emptied the trash yet
	mustAdd(t, s, "other", "1", "x")
	for _, table := range []string{"tasks WHERE installation = 'i'", "attachments", "pieces"} {
		if n := count(t, s, `SELECT COUNT(*) FROM `+table); n != 1 {
			t.Errorf("%d rows in %s; want only the row of the young task", n, table)
		}
	}
	if _, _, err := s.restore(t.Context(), "i", young.ID); err != nil {
		t.Errorf("restoring the young task: %v", err)
	}
	mustAdd(t, s, "i", "1", "the key of a removed task makes a new one")
}

// Somebody can add and delete tasks as often as they like. The database keeps only the last deleted ones of an installation.
func TestDeletedTasksAreLimited(t *testing.T) {
	s := newTestStore(t)
	s.maxDeleted = 3
	kept := mustAdd(t, s, "i", "kept", "kept")
	other := mustAdd(t, s, "other", "1", "other")
	if err := s.remove(t.Context(), "other", other.ID); err != nil {
		t.Fatal(err)
	}
	var deleted []task
	for i := range 8 {
		made := mustAdd(t, s, "i", fmt.Sprint(i), fmt.Sprint(i))
		if _, err := putFile(t, s, "i", made.ID, file{Name: "f"}, []byte("data")); err != nil {
			t.Fatal(err)
		}
		if err := s.remove(t.Context(), "i", made.ID); err != nil {
			t.Fatal(err)
		}
		age(t, s, made.ID, 100-i)
		deleted = append(deleted, made)
	}
	if rows, files := count(t, s, `SELECT COUNT(*) FROM tasks`), count(t, s, `SELECT COUNT(*) FROM pieces`); rows != 5 || files != 3 {
		t.Errorf("%d rows and %d files; want 5 rows, the kept task and four deleted ones, and 3 files", rows, files)
	}
	for i, gone := range deleted {
		_, _, err := s.restore(t.Context(), "i", gone.ID)
		if want := i >= 5; (err == nil) != want {
			t.Errorf("restoring deletion %d: %v; want it restored: %t", i, err, want)
		}
	}
	if _, _, err := s.restore(t.Context(), "other", other.ID); err != nil {
		t.Errorf("the other installation's task was removed: %v", err)
	}
	if _, err := s.get(t.Context(), "i", kept.ID); err != nil {
		t.Errorf("the task that was not deleted: %v", err)
	}
}
