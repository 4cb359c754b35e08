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

// putFile stores a file as an upload does.
func putFile(t *testing.T, s *store, installation, id string, f file, data []byte) (task, error) {
	t.Helper()
	c, err := s.receive(t.Context(), f, bytes.NewReader(data), DefaultMaxFile)
	if err != nil {
		return task{}, err
	}
	changed, err := s.setFile(t.Context(), installation, id, f, c)
	if err != nil {
		s.discard(t.Context(), c)
	}
	return changed, err
}

// readFile reads a file as a download does.
func readFile(t *testing.T, s *store, installation, id string) (f file, tag string, data []byte, err error) {
	t.Helper()
	f, c, err := s.file(t.Context(), installation, id)
	for number := 0; err == nil && int64(len(data)) < f.Size; number++ {
		var piece []byte
		piece, err = s.piece(t.Context(), c, number)
		data = append(data, piece...)
	}
	return f, c.tag, data, err
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
		changed, err := putFile(t, s, "i", id, f, tt.data)
		f.Size = int64(len(tt.data))
		if err != nil || changed.ID != id || changed.Name != "a" || changed.File == nil || *changed.File != f {
			t.Fatalf("%s: %s, %v; want the task with its file", tt.name, toJSON(changed), err)
		}
		got, tag, data, err := readFile(t, s, "i", id)
		if got != f || !bytes.Equal(data, tt.data) || err != nil {
			t.Errorf("%s: %v, %d bytes, %v; want what was put there", tt.name, got, len(data), err)
		}
		if got, same, err := s.file(t.Context(), "i", id); got != f || same.tag != tag || err != nil || tags[tag] {
			t.Errorf("%s: %v, tag %s, %v; want the same file and the new tag %s", tt.name, got, same.tag, err, tag)
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
	if n := count(t, s, `SELECT COUNT(*) FROM attachments`); n != 1 {
		t.Errorf("%d files; want one for the task", n)
	}
	if changed, err := s.removeFile(t.Context(), "i", id); err != nil || changed.File != nil || changed.Name != "a" {
		t.Errorf("removeFile gave %s, %v", toJSON(changed), err)
	}
}

func TestStoreDoesNotKnowMissingFiles(t *testing.T) {
	s := newTestStore(t)
	without, with := mustAdd(t, s, "i", "1", "a").ID, mustAdd(t, s, "i", "2", "b").ID
	if _, err := putFile(t, s, "i", with, file{Name: "f"}, []byte("mine")); err != nil {
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
		_, _, data, contentErr := readFile(t, s, tt.installation, tt.id)
		_, removeErr := s.removeFile(t.Context(), tt.installation, tt.id)
		for _, err := range []error{fileErr, contentErr, removeErr} {
			if !errors.Is(err, tt.want) || data != nil {
				t.Errorf("%s: %v; want %v", tt.name, err, tt.want)
			}
		}
	}
	if _, err := putFile(t, s, "theirs", with, file{Name: "f"}, []byte("theirs")); !errors.Is(err, errNoTask) {
		t.Errorf("their setFile of my task: %v; want errNoTask", err)
	}
	if _, _, data, err := readFile(t, s, "i", with); string(data) != "mine" || err != nil {
		t.Errorf("my file is %q, %v", data, err)
	}
}

func TestStoreDeletesFilesWithTheirTasks(t *testing.T) {
	s := newTestStore(t)
	var ids []string
	for _, name := range []string{"a", "b"} {
		id := mustAdd(t, s, "i", name, name).ID
		if _, err := putFile(t, s, "i", id, file{Name: name}, []byte(name)); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := s.remove(t.Context(), "i", ids[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := putFile(t, s, "i", ids[0], file{Name: "late"}, nil); !errors.Is(err, errNoTask) {
		t.Errorf("setFile of the deleted task: %v; want errNoTask", err)
	}
	age(t, s, ids[0], 3600)
	if err := s.emptyTrash(t.Context()); err != nil {
		t.Fatal(err)
	}
	if all, left := count(t, s, `SELECT COUNT(*) FROM attachments`), count(t, s, `SELECT COUNT(*) FROM attachments WHERE task = ?`, ids[1]); all != 1 || left != 1 {
		t.Errorf("%d files are left, %d of the other task; want only that", all, left)
	}
}

// The program that SQLite compiles for the list does not open the table of contents.
func TestListDoesNotReadContents(t *testing.T) {
	s := newTestStore(t)
	root := count(t, s, `SELECT rootpage FROM sqlite_schema WHERE name = 'pieces'`)
	opens := func(query string) (opens bool) {
		rows, err := s.db.Query("EXPLAIN "+query, "i")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var addr, p1, p2, p3, p5 int
			var opcode string
			var p4, comment any
			if err := rows.Scan(&addr, &opcode, &p1, &p2, &p3, &p4, &p5, &comment); err != nil {
				t.Fatal(err)
			}
			opens = opens || opcode == "OpenRead" && p2 == root
		}
		return opens
	}
	if !opens(`SELECT data FROM pieces WHERE content = ?`) {
		t.Fatal("the test does not see a content that is read")
	}
	if opens(selectTasks + ` ORDER BY t.seq`) {
		t.Error("the list reads the files' contents")
	}
}

// After the update, a database of the first version still has its tasks, and the tasks can have files.
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
	if changed, err := putFile(t, s, "i", "old", file{Name: "f"}, []byte("x")); err != nil || changed.File.Size != 1 {
		t.Errorf("setFile: %s, %v", toJSON(changed), err)
	}
}

// After the update, a database with each file in one row still has all bytes of the files.
func TestMigrationMovesFilesIntoPieces(t *testing.T) {
	db, err := sqlite.Open(filepath.Join(t.TempDir(), "tasks.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	before := []string{`CREATE TABLE migrations (version INTEGER PRIMARY KEY)`, `INSERT INTO migrations (version) VALUES (4)`}
	for _, name := range migrationNames()[:4] {
		statements, err := migrations.ReadFile("migrations/" + name)
		if err != nil {
			t.Fatal(err)
		}
		before = append(before, string(statements))
	}
	before = append(before,
		`INSERT INTO tasks (installation, id, idempotency_key, name) VALUES ('i', 'a', '1', 'with a file'), ('i', 'b', '2', 'with an empty one')`,
		`INSERT INTO files (installation, task, name, type, size, tag, data) VALUES ('i', 'a', 'f', 'text/plain', 3, 'tag', x'00ff41'), ('i', 'b', 'g', 'text/plain', 0, 'none', x'')`)
	for _, statements := range before {
		if _, err := db.Exec(statements); err != nil {
			t.Fatal(err)
		}
	}
	s := newStore(db)
	version, err := s.version(t.Context(), "i")
	if err != nil {
		t.Fatal(err)
	}
	if err := Migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	f, tag, data, err := readFile(t, s, "i", "a")
	if want := (file{"f", "text/plain", 3}); f != want || tag != "tag" || string(data) != "\x00\xffA" || err != nil {
		t.Errorf("%v, tag %s, %q, %v", f, tag, data, err)
	}
	if f, _, data, err := readFile(t, s, "i", "b"); f.Name != "g" || len(data) != 0 || err != nil {
		t.Errorf("%v, %q, %v", f, data, err)
	}
	if after, err := s.version(t.Context(), "i"); after != version || err != nil {
		t.Errorf("version %d, %v; want %d: nothing changed for the users", after, err, version)
	}
}
