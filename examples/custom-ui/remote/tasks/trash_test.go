package tasks

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// age changes the time of a task's deletion to this many seconds ago.
func age(t *testing.T, s *store, id string, seconds int) {
	t.Helper()
	if _, err := s.db.ExecContext(t.Context(), `UPDATE trash SET deleted_at = unixepoch() - ? WHERE task = ?`, seconds, id); err != nil {
		t.Fatal(err)
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
			if _, err := s.removeFile(t.Context(), "i", b.ID); !errors.Is(err, errNoTask) {
				t.Errorf("removing the file of a deleted task: %v; want errNoTask", err)
			}
			if _, _, _, err := s.restore(t.Context(), "theirs", b.ID); !errors.Is(err, errNoTask) {
				t.Errorf("by another installation: %v; want errNoTask", err)
			}
			want := a.ID
			if len(delete) == 3 {
				want = ""
			}
			for i, first := range []bool{true, false} {
				got, after, restored, err := s.restore(t.Context(), "i", b.ID)
				if err != nil || toJSON(got) != toJSON(with) || after != want || restored != first {
					t.Errorf("try %d gave %s after %q, restored %t, %v", i, toJSON(got), after, restored, err)
				}
			}
			if _, _, data, err := readFile(t, s, "i", b.ID); err != nil || string(data) != "data" {
				t.Errorf("its file is %q, %v", data, err)
			}
			if n := count(t, s, `SELECT COUNT(*) FROM trash WHERE task = ?`, b.ID); n != 0 {
				t.Error("it is still in the trash")
			}
		})
	}
	for id, want := range map[string]string{a.ID: "", c.ID: b.ID} {
		if _, after, _, err := s.restore(t.Context(), "i", id); err != nil || after != want {
			t.Errorf("after %q, %v; want %q", after, err, want)
		}
	}
	if got := names(t, s, "i"); got != "a:false b:false c:false" {
		t.Errorf("the tasks are %s", got)
	}
	if _, _, _, err := s.restore(t.Context(), "i", "none"); !errors.Is(err, errNoTask) {
		t.Errorf("a task that never was: %v; want errNoTask", err)
	}
}

// After an hour a task cannot be restored. The next write of any installation removes its name and its file.
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
	if _, _, _, err := s.restore(t.Context(), "i", old.ID); !errors.Is(err, errNoTask) {
		t.Errorf("after an hour: %v; want errNoTask", err)
	}
	s.emptied.Store(nil) // as if this process had not emptied the trash yet
	mustAdd(t, s, "other", "1", "x")
	names := `SELECT COUNT(*) FROM tasks WHERE deleted = 1 AND name = ''`
	if n := count(t, s, names); n != 1 {
		t.Errorf("%d names are gone; want that of the old task", n)
	}
	if n := count(t, s, `SELECT COUNT(*) FROM attachments WHERE task = ?`, old.ID); n != 0 {
		t.Error("its file is still there")
	}
	if _, _, restored, err := s.restore(t.Context(), "i", young.ID); err != nil || !restored {
		t.Errorf("the young task: %t, %v; want it back", restored, err)
	}
}

// A process searches the trash at most once a minute.
func TestMayEmpty(t *testing.T) {
	s := newTestStore(t)
	if !s.mayEmpty() || s.mayEmpty() {
		t.Error("it is to be emptied once")
	}
	before := time.Now().Add(-emptyTime)
	s.emptied.Store(&before)
	if !s.mayEmpty() {
		t.Error("a minute later it is not to be emptied")
	}
}

// A renamed task is still found by the key that made it. A key that was used with another name is refused.
func TestRenameKeepsTheKey(t *testing.T) {
	s := newTestStore(t)
	a := mustAdd(t, s, "i", "1", "a")
	renamed, err := s.edit(t.Context(), "i", a.ID, new("b"), nil)
	if err != nil || renamed.Name != "b" || renamed.Done {
		t.Fatalf("renamed to %v, %v", renamed, err)
	}
	if got, created, err := s.add(t.Context(), "i", "1", "a"); err != nil || created || got != renamed {
		t.Errorf("the same request again gives %v, created %t, %v", got, created, err)
	}
	mustAdd(t, s, "i", "2", "c")
	if _, _, err := s.add(t.Context(), "i", "2", "d"); !errors.Is(err, errKeyTaken) {
		t.Errorf("a key of another name: %v; want errKeyTaken", err)
	}
	if _, err := s.edit(t.Context(), "theirs", a.ID, new("x"), nil); !errors.Is(err, errNoTask) {
		t.Errorf("by another installation: %v; want errNoTask", err)
	}
}

func TestRestoreAPI(t *testing.T) {
	c := newClient(t)
	var first, second, back task
	c.want(c.add("1", "a"), 201, &first)
	c.want(c.add("2", "b"), 201, &second)
	c.want(c.do("PATCH", "/tasks/"+second.ID, `{"name":"  c ","done":true}`), 200, &back)
	if back.Name != "c" || !back.Done {
		t.Errorf("PATCH gave %v", back)
	}
	c.want(c.do("DELETE", "/tasks/"+second.ID, ""), 204, nil)
	var got restored
	c.want(c.do("POST", "/tasks/"+second.ID+"/restore", ""), 200, &got)
	if got.Task != back || got.After != first.ID {
		t.Errorf("brought back %+v; want %v after %s", got, back, first.ID)
	}
	c.want(c.as("other").do("POST", "/tasks/"+second.ID+"/restore", ""), 404, nil)
	c.want(c.do("POST", "/tasks/none/restore", ""), 404, nil)
	c.want(c.do("GET", "/tasks/"+second.ID+"/restore", ""), 405, nil)
	for _, body := range []string{`{}`, `{"name":""}`, `{"name":"` + strings.Repeat("a", 201) + `"}`, `{"name":7}`} {
		c.want(c.do("PATCH", "/tasks/"+second.ID, body), 400, nil)
	}
}
