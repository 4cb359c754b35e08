package tasks

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"

	"github.com/forgego/forgego/examples/custom-ui/remote/sqlite"
)

func count(t *testing.T, s *store, query string, arguments ...any) (n int) {
	t.Helper()
	if err := s.db.QueryRow(query, arguments...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestStoreKeepsFiles(t *testing.T) {
	s := newTestStore(t)
	id := mustAdd(t, s, "i", "k", "a").ID
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	tags := make(map[string]bool)
	for _, tt := range []struct {
		name, mediaType string
		data            []byte
	}{
		{"all.bin", octetStream, every}, {"none", "text/plain", nil}, {"empty", "text/plain", []byte{}},
		{"größe 🙂", "text/plain", []byte("a\x00b")}, {"größe 🙂", "text/html", []byte("a\x00b")}, {"grosse", "text/html", []byte("a\x00b")},
	} {
		f := file{Name: tt.name, Type: tt.mediaType}
		changed, err := s.setFile(t.Context(), "i", id, f, tt.data)
		f.Size = int64(len(tt.data))
		if err != nil || changed.ID != id || changed.Name != "a" || changed.File == nil || *changed.File != f {
			t.Fatalf("%s: %s, %v; want the task with its file", tt.name, toJSON(changed), err)
		}
		got, tag, data, err := s.content(t.Context(), "i", id)
		if got != f || !bytes.Equal(data, tt.data) || err != nil {
			t.Errorf("%s: %v, %d bytes, %v; want what was put there", tt.name, got, len(data), err)
		}
		if got, sameTag, err := s.file(t.Context(), "i", id); got != f || sameTag != tag || err != nil || tags[tag] {
			t.Errorf("%s: %v, tag %s, %v; want the same file and the new tag %s", tt.name, got, sameTag, err, tag)
		}
		tags[tag] = true
		for what, read := range map[string]func() (task, error){
			"list":  func() (task, error) { all, err := s.list(t.Context(), "i"); return all[0], err },
			"done":  func() (task, error) { return s.edit(t.Context(), "i", id, nil, new(false)) },
			"again": func() (task, error) { again, _, err := s.add(t.Context(), "i", "k", "a"); return again, err },
		} {
			if got, err := read(); toJSON(got) != toJSON(changed) || err != nil {
				t.Errorf("%s: %s gives %s, %v", tt.name, what, toJSON(got), err)
			}
		}
	}
	if n := count(t, s, `SELECT COUNT(*) FROM files`); n != 1 {
		t.Errorf("%d files; want one for the task", n)
	}
	if changed, err := s.removeFile(t.Context(), "i", id); err != nil || changed.File != nil || changed.Name != "a" {
		t.Errorf("removeFile gave %s, %v", toJSON(changed), err)
	}
}

func TestStoreDoesNotKnowMissingFiles(t *testing.T) {
	s := newTestStore(t)
	without, with := mustAdd(t, s, "i", "1", "a").ID, mustAdd(t, s, "i", "2", "b").ID
	if _, err := s.setFile(t.Context(), "i", with, file{Name: "f"}, []byte("mine")); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, installation, id string
		want                   error
	}{
		{"no file", "i", without, errNoFile},
		{"no task", "i", "x", errNoTask},
		{"another installation", "theirs", with, errNoTask},
	} {
		_, _, fileErr := s.file(t.Context(), tt.installation, tt.id)
		_, _, data, contentErr := s.content(t.Context(), tt.installation, tt.id)
		_, removeErr := s.removeFile(t.Context(), tt.installation, tt.id)
		for _, err := range []error{fileErr, contentErr, removeErr} {
			if !errors.Is(err, tt.want) || data != nil {
				t.Errorf("%s: %v; want %v", tt.name, err, tt.want)
			}
		}
	}
	if _, err := s.setFile(t.Context(), "theirs", with, file{Name: "f"}, []byte("theirs")); !errors.Is(err, errNoTask) {
		t.Errorf("their setFile of my task: %v; want errNoTask", err)
	}
	if _, _, data, err := s.content(t.Context(), "i", with); string(data) != "mine" || err != nil {
		t.Errorf("my file is %q, %v", data, err)
	}
}

func TestStoreDeletesFilesWithTheirTasks(t *testing.T) {
	s := newTestStore(t)
	var ids []string
	for _, name := range []string{"a", "b"} {
		id := mustAdd(t, s, "i", name, name).ID
		if _, err := s.setFile(t.Context(), "i", id, file{Name: name}, []byte(name)); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := s.remove(t.Context(), "i", ids[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := s.setFile(t.Context(), "i", ids[0], file{Name: "late"}, nil); !errors.Is(err, errNoTask) {
		t.Errorf("setFile of the deleted task: %v; want errNoTask", err)
	}
	age(t, s, ids[0], 3600)
	if err := s.emptyTrash(t.Context()); err != nil {
		t.Fatal(err)
	}
	if all, left := count(t, s, `SELECT COUNT(*) FROM files`), count(t, s, `SELECT COUNT(*) FROM files WHERE task = ?`, ids[1]); all != 1 || left != 1 {
		t.Errorf("%d files are left, %d of the other task; want only that", all, left)
	}
}

// The list's program, as SQLite compiles it, reads no content: no Column instruction on a cursor of the table files has
// the number of that column.
func TestListDoesNotReadContents(t *testing.T) {
	const content = 6
	s := newTestStore(t)
	if n := count(t, s, `SELECT cid FROM pragma_table_info('files') WHERE name = 'data'`); n != content {
		t.Fatalf("column data is number %d; want %d", n, content)
	}
	root := count(t, s, `SELECT rootpage FROM sqlite_schema WHERE name = 'files'`)
	read := func(query string) bool {
		rows, err := s.db.Query("EXPLAIN "+query, "i")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		cursors, columns := make(map[int]bool), make(map[[2]int]bool)
		for rows.Next() {
			var addr, p1, p2, p3, p5 int
			var opcode string
			var p4, comment any
			if err := rows.Scan(&addr, &opcode, &p1, &p2, &p3, &p4, &p5, &comment); err != nil {
				t.Fatal(err)
			}
			switch opcode {
			case "OpenRead":
				cursors[p1] = cursors[p1] || p2 == root
			case "Column":
				columns[[2]int{p1, p2}] = true
			}
		}
		for cursor, isFiles := range cursors {
			if isFiles && columns[[2]int{cursor, content}] {
				return true
			}
		}
		return false
	}
	if !read(`SELECT data FROM files WHERE installation = ?`) {
		t.Fatal("the test does not see a content that is read")
	}
	if read(selectTasks + ` ORDER BY t.seq`) {
		t.Error("the list reads the files' contents")
	}
}

// A database of the first version has its tasks after the update, and they can have files.
func TestMigrationAddsFiles(t *testing.T) {
	db, err := sqlite.Open(filepath.Join(t.TempDir(), "tasks.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	first, err := migrations.ReadFile("migrations/0001_tasks.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		string(first),
		`CREATE TABLE migrations (version INTEGER PRIMARY KEY)`,
		`INSERT INTO migrations (version) VALUES (1)`,
		`INSERT INTO tasks (installation, id, idempotency_key, name) VALUES ('i', 'old', 'k', 'an old task')`,
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := Migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	s := newStore(db)
	if got := names(t, s, "i"); got != "an old task:false" {
		t.Errorf("tasks %q", got)
	}
	if changed, err := s.setFile(t.Context(), "i", "old", file{Name: "f"}, []byte("x")); err != nil || changed.File.Size != 1 {
		t.Errorf("setFile: %s, %v", toJSON(changed), err)
	}
}
