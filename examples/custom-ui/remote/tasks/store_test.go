package tasks

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

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

// adder is a store, or one that publishes its changes.
type adder interface {
	add(ctx context.Context, installation, key, name string) (task, bool, error)
}

func mustAdd(t *testing.T, s adder, installation, key, name string) task {
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
	if _, err := s.edit(t.Context(), "i", b.ID, nil, new(true)); err != nil {
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

func TestStoreAddsOncePerKey(t *testing.T) {
	s := newTestStore(t)
	first := mustAdd(t, s, "i", "key", "a")
	if _, err := s.edit(t.Context(), "i", first.ID, nil, new(true)); err != nil {
		t.Fatal(err)
	}
	again, created, err := s.add(t.Context(), "i", "key", "a")
	if err != nil || created || again.ID != first.ID || !again.Done {
		t.Errorf("second add = %v, %v, %v; want the first task as it is now", again, created, err)
	}
	if _, _, err := s.add(t.Context(), "i", "key", "b"); !errors.Is(err, errKeyTaken) {
		t.Errorf("another name: %v; want errKeyTaken", err)
	}
	if got := names(t, s, "i"); got != "a:true" {
		t.Errorf("tasks %q; want one", got)
	}
	mustAdd(t, s, "other", "key", "a")
}

// A repetition that arrives late does not restore a deleted task.
func TestStoreDoesNotBringBackADeletedTask(t *testing.T) {
	s := newTestStore(t)
	added := mustAdd(t, s, "i", "key", "a secret name")
	if err := s.remove(t.Context(), "i", added.ID); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.add(t.Context(), "i", "key", "a secret name"); !errors.Is(err, errNoTask) {
		t.Errorf("add = %v; want errNoTask", err)
	}
	age(t, s, added.ID, 3600)
	if err := s.emptyTrash(t.Context()); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := s.db.QueryRow(`SELECT COUNT(*) FROM tasks WHERE name <> ''`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d names are left in the database, %v", left, err)
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
			t.Errorf("add %d gave another task than the others with its key", i)
		}
	}
	if tasks, err := s.list(t.Context(), "i"); count != 2 || err != nil || len(tasks) != 2 {
		t.Errorf("%d created, %d there, %v; want 2", count, len(tasks), err)
	}
}

func TestStoreKeepsInstallationsApart(t *testing.T) {
	s := newTestStore(t)
	mine := mustAdd(t, s, "mine", "1", "a")
	mustAdd(t, s, "theirs", "1", "b")
	if _, err := s.edit(t.Context(), "theirs", mine.ID, nil, new(true)); !errors.Is(err, errNoTask) {
		t.Errorf("their edit of my task: %v; want errNoTask", err)
	}
	if err := s.remove(t.Context(), "theirs", mine.ID); !errors.Is(err, errNoTask) {
		t.Errorf("their remove of my task: %v; want errNoTask", err)
	}
	if got := names(t, s, "mine"); got != "a:false" {
		t.Errorf("my tasks are %q", got)
	}
	if got := names(t, s, "theirs"); got != "b:false" {
		t.Errorf("their tasks are %q", got)
	}
	if tasks, err := s.list(t.Context(), "nobody"); err != nil || tasks == nil || len(tasks) != 0 {
		t.Errorf("a new installation's tasks are %v, %v; want an empty list", tasks, err)
	}
}

func TestStoreDoesNotKnowMissingTasks(t *testing.T) {
	s := newTestStore(t)
	added := mustAdd(t, s, "i", "1", "a")
	if err := s.remove(t.Context(), "i", added.ID); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{added.ID, "", "x' OR 1=1 --"} {
		if _, err := s.edit(t.Context(), "i", id, nil, new(true)); !errors.Is(err, errNoTask) {
			t.Errorf("edit %q: %v; want errNoTask", id, err)
		}
		if err := s.remove(t.Context(), "i", id); !errors.Is(err, errNoTask) {
			t.Errorf("remove %q: %v; want errNoTask", id, err)
		}
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

// Two processes run at once, for example if a development server starts the new program before the old one has ended.
func TestStoreIsSharedByTwoProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tasks.db")
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			db, err := sqlite.Open(path)
			if err != nil {
				t.Error(err)
				return
			}
			defer db.Close()
			if err := Migrate(t.Context(), db); err != nil {
				t.Error(err)
				return
			}
			s := newStore(db)
			for n := range 10 {
				if _, _, err := s.add(t.Context(), "i", fmt.Sprint(i, "-", n), "a"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if tasks, err := openStore(t, path).list(t.Context(), "i"); err != nil || len(tasks) != 40 {
		t.Errorf("%d tasks, %v; want 40", len(tasks), err)
	}
}

func TestDatabaseSetUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tasks.db")
	s := openStore(t, path)
	for pragma, want := range map[string]string{"journal_mode": "wal", "busy_timeout": "5000"} {
		var got string
		if err := s.db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s = %q, %v; want %q", pragma, got, err, want)
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode != 0o600 {
		t.Errorf("mode %o; want 600", mode)
	}
}

func TestDatabaseThatCannotBeUsed(t *testing.T) {
	if _, err := sqlite.Open(filepath.Join(t.TempDir(), "no such folder", "tasks.db")); err == nil || !strings.Contains(err.Error(), "can be written") {
		t.Errorf("missing folder: %v; want an error that says what to do", err)
	}
	path := filepath.Join(t.TempDir(), "tasks.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sqlite.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := Migrate(t.Context(), db); err == nil {
		t.Error("a file that is no database was accepted")
	}
}

func TestDatabaseOfANewerProgram(t *testing.T) {
	s := newTestStore(t)
	if _, err := s.db.Exec(`INSERT INTO migrations (version) VALUES (?)`, len(migrationNames())+1); err != nil {
		t.Fatal(err)
	}
	if err := Migrate(t.Context(), s.db); err == nil || !strings.Contains(err.Error(), "newer program") {
		t.Errorf("error %v; want one that says to run a newer program", err)
	}
}
