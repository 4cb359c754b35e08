package bundle

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// contents returns the contents of all files in a folder by their names.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(file string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(file)
		name, _ := filepath.Rel(dir, file)
		files[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func putAll(t *testing.T, dir string, names ...string) {
	t.Helper()
	for _, name := range names {
		put(t, filepath.Join(dir, filepath.FromSlash(name)), "content of "+name)
	}
}

func copyAll(from, to string) error {
	c, err := NewCopy(from, to)
	if err != nil {
		return err
	}
	return c.Run()
}

// TestCopyRefusesForeign checks that NewCopy refuses a folder with a file of somebody else, and changes nothing in it.
func TestCopyRefusesForeign(t *testing.T) {
	for _, c := range []struct {
		name, foreign string
		// first makes the folder with a copy of a.txt.
		first bool
	}{
		{"file of the resource", "css/a.css", false},
		{"file of no resource", "zz-notes.txt", false},
		{"page", Index, false},
		{"program", Program, false},
		{"record of nothing", "a.txt", false},
		{"new file of the resource in a copy", "css/a.css", true},
		{"file of no resource in a copy", "zz/notes.txt", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			from, to := t.TempDir(), filepath.Join(t.TempDir(), "out")
			putAll(t, from, "a.txt")
			if c.first {
				if err := copyAll(from, to); err != nil {
					t.Fatal(err)
				}
			}
			putAll(t, from, "0.txt", "css/a.css", Index)
			put(t, filepath.Join(to, filepath.FromSlash(c.foreign)), "mine")
			before := contents(t, to)
			err := copyAll(from, to)
			if want := filepath.Join(to, filepath.FromSlash(c.foreign)) + ": no earlier build wrote this file; "; err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %s", err, want)
			}
			if after := contents(t, to); !maps.Equal(before, after) {
				t.Errorf("before: %v\nafter: %v", before, after)
			}
		})
	}
}

// TestCopyFollowsResource copies again after files were removed, renamed, and replaced by folders.
func TestCopyFollowsResource(t *testing.T) {
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "out")
	for _, names := range [][]string{
		{"index.html", "a/b/c.txt", "file"},
		{"index.html", "a/b/d.txt", "file/now-a-folder.txt"},
		{"file", "FILE.txt"},
		{"file.txt"},
		{},
	} {
		if err := os.RemoveAll(from); err != nil {
			t.Fatal(err)
		}
		putAll(t, from, append(names, ".hidden", Program)...)
		if err := copyAll(from, to); err != nil {
			t.Fatalf("%v: %v", names, err)
		}
		got := contents(t, to)
		var recorded []string
		if err := json.Unmarshal([]byte(got[Record]), &recorded); err != nil {
			t.Fatal(err)
		}
		delete(got, Record)
		slices.Sort(names)
		if copied := slices.Sorted(maps.Keys(got)); !slices.Equal(copied, names) || !slices.Equal(recorded, names) {
			t.Errorf("the folder has %v, and the record %v, want %v", copied, recorded, names)
		}
		for name, text := range got {
			if text != "content of "+name {
				t.Errorf("%s is %q", name, text)
			}
		}
		// Build writes its files after the copy. The next copy accepts them, and leaves those of the program.
		putAll(t, to, Index, Script)
		if err := copyAll(from, to); err != nil {
			t.Fatalf("after a build: %v", err)
		}
		if contents(t, to)[Script] == "" {
			t.Error("the copy removed the script")
		}
		if err := os.Remove(filepath.Join(to, Script)); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(names, Index) {
			if err := os.Remove(filepath.Join(to, Index)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if left, err := os.ReadDir(to); err != nil || len(left) != 1 {
		t.Errorf("empty folders are left: %v, %v", left, err)
	}
}

func TestCopyLeavesSameFiles(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	putAll(t, from, "a.txt")
	var before []os.FileInfo
	for range 2 {
		if err := copyAll(from, to); err != nil {
			t.Fatal(err)
		}
		for i, name := range []string{"a.txt", Record} {
			info, err := os.Stat(filepath.Join(to, name))
			if err != nil {
				t.Fatal(err)
			}
			if before = append(before, info); len(before) > 2 && !os.SameFile(before[i], info) {
				t.Errorf("%s was written again", name)
			}
		}
	}
}

// TestCopyInterrupted stops a copy after its first file. The next one knows what that one wrote.
func TestCopyInterrupted(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	putAll(t, from, "a.txt", "b.txt")
	obstacle := filepath.Join(to, "b.txt")
	if err := os.Mkdir(obstacle, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := copyAll(from, to); err == nil || contents(t, to)["a.txt"] == "" {
		t.Fatalf("got %v and %v, want an error after a.txt", err, contents(t, to))
	}
	if err := os.Remove(obstacle); err != nil {
		t.Fatal(err)
	}
	if err := copyAll(from, to); err != nil {
		t.Error(err)
	}
}

// TestCopyDamagedRecord checks that a record cannot make a copy remove other files than those in the folder.
func TestCopyDamagedRecord(t *testing.T) {
	for _, record := range []string{`["../mine.txt"]`, `["/etc/mine.txt"]`, `[".git/config"]`, `["a/.git/config"]`, `[""]`, `["a"`, `{}`} {
		from, above := t.TempDir(), t.TempDir()
		to := filepath.Join(above, "out")
		putAll(t, above, "mine.txt", "out/.git/config")
		put(t, filepath.Join(to, Record), record)
		before := contents(t, above)
		if err := copyAll(from, to); err == nil || !strings.Contains(err.Error(), filepath.Join(to, Record)+" is damaged: ") {
			t.Errorf("%s: got %v", record, err)
		}
		if after := contents(t, above); !maps.Equal(before, after) {
			t.Errorf("%s: before: %v\nafter: %v", record, before, after)
		}
	}
}

func TestCopyRefusesNamesThatAreNotUTF8(t *testing.T) {
	from := t.TempDir()
	if err := os.WriteFile(filepath.Join(from, "caf\xe9.png"), nil, 0o644); err != nil {
		t.Skipf("this file system has only names in UTF-8: %v", err)
	}
	if _, err := NewCopy(from, filepath.Join(t.TempDir(), "to")); err == nil || !strings.Contains(err.Error(), `"caf\xe9.png" is not UTF-8; rename the file`) {
		t.Errorf("got %v", err)
	}
}
