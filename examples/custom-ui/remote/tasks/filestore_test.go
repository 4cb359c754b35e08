package tasks

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// putFile stores a file as an upload does.
func putFile(t *testing.T, s *store, installation, id string, f file, data []byte) (task, error) {
	t.Helper()
	c, err := s.receive(t.Context(), f, bytes.NewReader(data), DefaultMaxFile)
	if err != nil {
		return task{}, err
	}
	changed, err := s.setFile(t.Context(), installation, id, nil, f, c)
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
			t.Errorf("%s: %v, %d bytes, %v; want the stored file", tt.name, got, len(data), err)
		}
		if got, same, err := s.file(t.Context(), "i", id); got != f || same.tag != tag || err != nil || tags[tag] {
			t.Errorf("%s: %v, tag %s, %v; want the same file and the new tag %s", tt.name, got, same.tag, err, tag)
		}
		tags[tag] = true
		for what, read := range map[string]func() (task, error){
			"list":  func() (task, error) { all, err := s.list(t.Context(), "i"); return all[0], err },
			"done":  func() (task, error) { return s.edit(t.Context(), "i", id, nil, nil, new(false)) },
			"again": func() (task, error) { again, _, err := s.add(t.Context(), "i", "k", "a"); return again, err },
		} {
			if got, err := read(); toJSON(got) != toJSON(changed) || err != nil {
				t.Errorf("%s: %s returned %s, %v; want the task with its file", tt.name, what, toJSON(got), err)
			}
		}
	}
	if n := count(t, s, `SELECT COUNT(*) FROM attachments`); n != 1 {
		t.Errorf("%d files; want one for the task", n)
	}
	if changed, err := s.removeFile(t.Context(), "i", id, nil); err != nil || changed.File != nil || changed.Name != "a" {
		t.Errorf("removeFile returned %s, %v; want the task without a file", toJSON(changed), err)
	}
}

func TestMissingFiles(t *testing.T) {
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
		_, removeErr := s.removeFile(t.Context(), tt.installation, tt.id, nil)
		for _, err := range []error{fileErr, contentErr, removeErr} {
			if !errors.Is(err, tt.want) || data != nil {
				t.Errorf("%s: %v; want %v", tt.name, err, tt.want)
			}
		}
	}
	if _, err := putFile(t, s, "theirs", with, file{Name: "f"}, []byte("theirs")); !errors.Is(err, errNoTask) {
		t.Errorf("setFile by another installation: %v; want errNoTask", err)
	}
	if _, _, data, err := readFile(t, s, "i", with); string(data) != "mine" || err != nil {
		t.Errorf("the file is %q, %v; want mine", data, err)
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
		t.Fatal("the test does not see that a query reads contents")
	}
	if opens(selectTasks + ` ORDER BY t.seq`) {
		t.Error("the list reads the files' contents")
	}
}

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
	if _, err := s.setFile(t.Context(), "i", id, nil, f, c); err != nil {
		t.Fatal(err)
	}
	if _, _, got, err := readFile(t, s, "i", id); !bytes.Equal(got, want) || err != nil {
		t.Errorf("%d bytes, %v; want %d", len(got), err, len(want))
	}
	if body.largest > pieceSize {
		t.Errorf("one read asked for %d bytes; want at most %d", body.largest, pieceSize)
	}
	if n := count(t, s, `SELECT COUNT(*) FROM uploads`); n != 0 {
		t.Errorf("%d uploads are counted after the last one; want none", n)
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
		"broken":     {t.Context(), io.MultiReader(bytes.NewReader(make([]byte, pieceSize+1)), iotest.ErrReader(broken)), errBroken},
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
				if _, err = s.setFile(tt.ctx, "i", id, nil, f, c); err != nil {
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

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// If a process ends during an upload, the pieces are removed with the trash. An upload that is still running stays.
func TestAbandonedUploadsAreRemoved(t *testing.T) {
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
		t.Errorf("the content of a running upload: %q, %v; want young", data, err)
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
				_, err = s.setFile(t.Context(), "i", id, nil, file{Name: "f"}, c)
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
