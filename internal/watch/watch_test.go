package watch

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestReportsCreatedChangedAndRemovedFiles(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk) {
		d.write("a b/ä.css", "1")
		d.watchTree()
		d.write("a b/ä.css", "2")
		d.expect("a b/ä.css changed")
		d.write("a b/日本 語.css", "1")
		d.expect("a b/日本 語.css created")
		d.remove("a b/ä.css")
		d.expect("a b/ä.css removed")
	})
}

func TestReportsSavesOfEditors(t *testing.T) {
	t.Parallel()
	for name, save := range map[string]func(d *disk){
		"in place": func(d *disk) { d.must(os.WriteFile(d.path("f.css"), []byte("new"), 0o644)) },
		"rename over the file": func(d *disk) {
			d.write(".f.css.tmp-1~", "new")
			d.rename(".f.css.tmp-1~", "f.css")
		},
		"move the file away, write a new one, remove the old one": func(d *disk) {
			d.rename("f.css", "f.css~")
			d.write("f.css", "new")
			d.remove("f.css~")
		},
		"remove and write": func(d *disk) {
			d.remove("f.css")
			d.write("f.css", "new")
		},
	} {
		t.Run(name, func(t *testing.T) {
			modes(t, func(t *testing.T, o Options) {
				d := newDisk(t, o)
				d.write("f.css", "old")
				d.watchTree()
				save(d)
				// A slow machine may see the file missing in between.
				for d.seen["f.css"].Path == "" || d.seen["f.css"].Op == Removed {
					d.next()
				}
				d.settle()
				if got := d.list(); got != "f.css changed" && got != "f.css created" {
					t.Fatal(got)
				}
				// The new file is watched as the old one was.
				d.seen = map[string]Change{}
				d.append("f.css", "er")
				d.expect("f.css changed")
			})
		})
	}
}

func TestReportsBothPartsOfAFileWrittenInTwo(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk) {
		d.write("f", "")
		d.watchTree()
		for range 2 {
			d.append("f", "part")
			d.expect("f changed")
		}
	})
}

func TestReportsNoFileWhoseContentIsTheSame(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk) {
		d.write("touched", "1")
		d.write("rewritten", "1")
		d.write("replaced", "1")
		d.write("z", "1")
		d.watchTree()
		now := time.Now()
		d.must(os.Chtimes(d.path("touched"), now, now))
		f, err := os.OpenFile(d.path("rewritten"), os.O_WRONLY, 0)
		d.must(err)
		_, err = f.WriteString("1")
		d.must(errors.Join(err, f.Close()))
		d.write("replaced", "1")
		d.write("z", "2")
		d.expect("z changed")
	})
}

func TestReportsAContentWithAnyTime(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk) {
		d.write("f", "0")
		d.watchTree()
		for i, at := range []time.Time{time.Now().Add(-100 * time.Hour), time.Now().Add(100 * time.Hour), time.Unix(0, 0)} {
			d.write("f", strconv.Itoa(i+1))
			d.must(os.Chtimes(d.path("f"), at, at))
			d.expect("f changed")
		}
	})
}

func TestReportsLargeFilesByTheirTime(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk) {
		d.write("f", strings.Repeat("x", maxSummed+1))
		d.watchTree()
		at := time.Unix(1e9, 0)
		d.must(os.Chtimes(d.path("f"), at, at))
		d.expect("f changed")
	})
}

func TestReportsFilesInNewFolders(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk) {
		d.watchTree()
		var want []string
		for i := range 30 {
			name := fmt.Sprintf("n%02d/a/b/c/f", i)
			d.write(name, "1")
			want = append(want, name+" created")
		}
		d.expect(strings.Join(want, ", "))
		d.write("n07/a/b/c/f", "2")
		d.expect("n07/a/b/c/f changed")
	})
}

func TestWatchesAFolderAloneUnlessRecursive(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk) {
		d.write("p/f.go", "1")
		d.write("p/sub/g.go", "1")
		goFiles := func(path string) bool { return filepath.Ext(path) == ".go" }
		d.set(map[string][]Root{"p": {{Path: d.path("p"), Match: goFiles}}})
		d.write("p/sub/g.go", "2")
		d.write("p/notes", "1")
		d.write("p/new/h.go", "1")
		d.write("p/f.go", "2")
		d.expect("p/f.go changed")
	})
}

func TestWatchesAFolderThatIsRemovedAndCreatedAgain(t *testing.T) {
	onRoot(t, func(d *disk, folder string) {
		for range 3 {
			d.remove(folder)
			d.expect("top/root/in/f removed")
			d.write("top/root/in/f", "1")
			d.expect("top/root/in/f created")
			d.write("top/root/in/f", "2")
			d.expect("top/root/in/f changed")
		}
	})
}

func TestWatchesAFileThatDoesNotExistYet(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk) {
		d.set(map[string][]Root{"one": {{Path: d.path("a/b/f")}}, "two": {{Path: d.path("g")}}})
		d.write("h", "1")
		d.write("g", "1")
		d.expect("g created")
		d.mkdir("a")
		d.write("a/b/other", "1")
		d.write("a/b/f", "1")
		d.expect("a/b/f created")
		d.remove("a")
		d.expect("a/b/f removed")
		d.write("a/b/f", "1")
		d.expect("a/b/f created")
	})
}

func TestReportsAFileThatBecomesAFolderAndBack(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk) {
		d.write("x", "1")
		d.set(map[string][]Root{"all": {{Path: d.dir, Recursive: true}}, "x": {{Path: d.path("x")}}})
		d.remove("x")
		d.write("x/f", "1")
		d.expect("x removed, x/f created")
		d.write("x/f", "2")
		d.expect("x/f changed")
		d.remove("x")
		d.write("x", "1")
		d.expect("x created, x/f removed")
	})
}

func TestReportsTenThousandFilesAtOnce(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk) {
		d.watchTree()
		const n = 10_000
		for i := range n {
			if i < 100 {
				d.mkdir(fmt.Sprintf("d%d", i))
			}
			d.must(os.WriteFile(d.path(fmt.Sprintf("d%d/f%d", i%100, i)), []byte("1"), 0o644))
		}
		for len(d.seen) < n {
			d.next()
		}
		d.seen = map[string]Change{}
		entries, err := os.ReadDir(d.dir)
		d.must(err)
		for _, e := range entries {
			d.remove(e.Name())
		}
		for len(d.seen) < n {
			d.next()
		}
		for name, c := range d.seen {
			if c.Op != Removed {
				t.Fatal(name, c.Op)
			}
		}
	})
}

// Git removes each file and creates a new one.
func TestReportsACheckout(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk) {
		name := func(i int) string { return fmt.Sprintf("d%d/sub/f%03d", i%7, i) }
		for i := range 300 {
			d.write(name(i), "1")
		}
		d.watchTree()
		want := map[string]Op{}
		for i := range 400 {
			switch {
			case i >= 300:
				d.write(name(i), "1")
				want[name(i)] = Created
			case i%3 == 0:
				d.remove(name(i))
				d.write(name(i), "2")
				want[name(i)] = Changed
			case i%3 == 1:
				d.remove(name(i))
				want[name(i)] = Removed
			}
		}
		for !maps.EqualFunc(want, d.seen, func(op Op, c Change) bool { return c.Path != "" && (op == Removed) == (c.Op == Removed) }) {
			d.next()
		}
	})
}

func TestReportsWhileAFileIsSavedConstantly(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk) {
		d.write("f", "0")
		d.watchTree()
		enough, stopped := make(chan struct{}), make(chan string)
		go func() {
			for i := 1; ; i++ {
				text := strconv.Itoa(i)
				_ = os.WriteFile(d.path("f"), []byte(text), 0o644)
				select {
				case <-enough:
					stopped <- text
					return
				default:
				}
			}
		}()
		for d.batches < 3 {
			d.next()
		}
		close(enough)
		last := <-stopped
		// The last save must be reported: write another file, and wait for what is known then.
		d.write("g", "1")
		for d.seen["g"].Path == "" {
			d.next()
		}
		if data, err := os.ReadFile(d.path("f")); err != nil || string(data) != last {
			t.Fatal(string(data), err)
		}
		d.watchTree()
		d.w.inspect(func() {
			if len(d.w.pending) > 0 {
				t.Errorf("the last save was not reported before a later one: %v", d.w.pending)
			}
		})
	})
}

func TestReportsTheDeletionOfEverything(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk) {
		d.write("root/a", "1")
		d.write("root/b/c", "1")
		d.set(map[string][]Root{"all": {{Path: d.path("root"), Recursive: true}}})
		d.remove("root")
		d.expect("root/a removed, root/b/c removed")
	})
}

func TestIgnoresFilesOfEditorsAndVersionControl(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk) {
		d.write("node_modules/own/f", "1")
		d.set(map[string][]Root{"all": {{Path: d.dir, Recursive: true}}, "own": {{Path: d.path("node_modules/own")}}})
		for _, name := range []string{
			".git/HEAD", "a/node_modules/x/y.js", ".foo.swp", ".foo.swx", "4913", "foo~", ".#foo", "#foo#", ".DS_Store", "f.css___jb_tmp___", "node_modules/z/f",
		} {
			d.write(name, "1")
		}
		d.write("swp", "1")
		d.write(".well-known/f", "1")
		// A root may be in an ignored folder.
		d.write("node_modules/own/f", "2")
		for d.seen["node_modules/own/f"].Path == "" {
			d.next()
		}
		if got := d.seen["node_modules/own/f"].Groups; !slices.Equal(got, []string{"own"}) {
			t.Error(got)
		}
		d.expect(".well-known/f created, node_modules/own/f changed, swp created")
	})
}

func TestIgnoresWhatTheCallerSays(t *testing.T) {
	t.Parallel()
	modes(t, func(t *testing.T, o Options) {
		o.Ignore = func(path string, folder bool) bool {
			return filepath.Base(path) == "app.wasm" || folder && filepath.Base(path) == "out"
		}
		d := newDisk(t, o)
		d.watchTree()
		d.write("app.wasm", "1")
		d.write("a/out/f", "1")
		d.write("f", "1")
		d.expect("f created")
	})
}
