package watch

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// info is what a file system with coarse times reports: the same for each content of the same size.
type info struct {
	fs.FileInfo
	modified time.Time
}

func (i info) ModTime() time.Time { return i.modified }
func (i info) Sys() any           { return nil }

func TestExamineReadsAFileAgainIfItsTimeCannotTell(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "f")
	write := func(text string) fs.FileInfo {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		i, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	for name, c := range map[string]struct {
		modified time.Time
		want     bool
	}{
		"written just now":      {time.Now(), true},
		"written in the future": {time.Now().Add(time.Hour), true},
		"written long ago":      {time.Now().Add(-time.Hour), false},
	} {
		tree := &tree{mayRead: maxRead}
		first, _ := tree.examine(path, info{write("1"), c.modified}, file{}, false)
		if _, changed := tree.examine(path, info{write("2"), c.modified}, first, true); changed != c.want {
			t.Errorf("%s: changed is %t, want %t", name, changed, c.want)
		}
	}
}

func TestExamineReadsNoMoreThanItMay(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, []byte("12345"), 0o644); err != nil {
		t.Fatal(err)
	}
	i, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	tree := &tree{mayRead: 12}
	for _, want := range []bool{true, true, false} {
		if now, _ := tree.examine(path, i, file{}, false); now.summed != want {
			t.Errorf("read is %t, want %t, with %d bytes left", now.summed, want, tree.mayRead)
		}
	}
}
