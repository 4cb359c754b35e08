//go:build unix

package watch

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// Windows refuses to rename a folder while a folder in it is watched, and lets only some users create symbolic links.

func TestReportsMovedFolders(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk) {
		d.write("a/d/sub/f", "1")
		d.write("b/g", "1")
		d.watchTree()
		d.rename("a/d", "b/e")
		d.expect("a/d/sub/f removed, b/e/sub/f created")
		d.write("b/e/sub/f", "2")
		d.expect("b/e/sub/f changed")
		// Swap two folders.
		d.rename("a", "c")
		d.rename("b", "a")
		d.rename("c", "b")
		for !(d.seen["b/g"].Op == Removed && d.seen["a/g"].Path != "" && d.seen["a/e/sub/f"].Path != "") {
			d.next()
		}
		d.seen = map[string]Change{}
		d.write("a/e/sub/f", "3")
		d.expect("a/e/sub/f changed")
		d.write("b/h", "1")
		d.expect("b/h created")
	})
}

func TestFollowsSymbolicLinks(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk) {
		d.write("other/f", "1")
		d.write("other/deep/f", "1")
		d.write("third/f", "1")
		d.write("files/style.css", "1")
		d.mkdir("root")
		d.link("../other", "root/folder")
		d.link("../files/style.css", "root/theme.css")
		d.set(map[string][]Root{"all": {{Path: d.path("root"), Recursive: true}}})
		d.write("other/f", "2")
		d.write("other/deep/f", "2")
		d.expect("root/folder/deep/f changed, root/folder/f changed")
		d.write("files/style.css", "2")
		d.expect("root/theme.css changed")
		// Editors may replace the file that a link leads to.
		d.write("files/new", "3")
		d.rename("files/new", "files/style.css")
		d.expect("root/theme.css changed")
		// A link that replaces another has an event with its name alone.
		link := filepath.Join(d.aside, "link")
		d.must(os.Symlink("../third", link))
		d.must(os.Rename(link, d.path("root/folder")))
		for d.seen["root/folder/deep/f"].Op != Removed || d.seen["root/folder/f"].Op != Changed {
			d.next()
		}
		d.seen = map[string]Change{}
		d.write("third/f", "3")
		d.expect("root/folder/f changed")
	})
}

func TestEndsAtLoopsOfSymbolicLinks(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk) {
		d.write("root/a/f", "1")
		d.write("root/b/g", "1")
		d.link("..", "root/a/up")
		d.link(".", "root/a/self")
		d.link("../b", "root/a/to-b")
		d.link("../a", "root/b/to-a")
		d.link("ring-2", "root/ring-1")
		d.link("ring-1", "root/ring-2")
		d.link("nowhere", "root/dangling")
		d.set(map[string][]Root{"all": {{Path: d.path("root"), Recursive: true}}})
		d.write("root/a/f", "2")
		d.expect("root/a/f changed, root/b/to-a/f changed")
		d.write("root/b/g", "2")
		d.expect("root/a/to-b/g changed, root/b/g changed")
	})
}

func TestKeepsTheFilesOfAFolderThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, failure := range []error{syscall.EACCES, syscall.EIO} {
		t.Run(failure.Error(), func(t *testing.T) {
			modes(t, func(t *testing.T, o Options) {
				var mu sync.Mutex
				locked := ""
				lock := func(folder string) {
					mu.Lock()
					defer mu.Unlock()
					locked = folder
				}
				o.open = func(folder string) (*os.File, error) {
					mu.Lock()
					defer mu.Unlock()
					if filepath.Base(folder) == locked {
						return nil, &os.PathError{Op: "open", Path: folder, Err: failure}
					}
					return os.Open(folder)
				}
				d := newDisk(t, o)
				d.write("locked/f", "1")
				d.write("locked/in/f", "1")
				d.write("other/f", "1")
				d.watchTree()
				lock("locked")
				d.write("locked/f", "2")
				d.write("other/f", "2")
				d.expect("other/f changed")
				d.set(map[string][]Root{"all": {{Path: d.dir, Recursive: true}}})
				d.report(d.path("locked"))
				lock("")
				// Permissions change with an event, which polling need not wait for.
				d.must(os.Chmod(d.path("locked"), 0o700))
				d.must(os.Chmod(d.path("locked"), 0o755))
				d.expect("locked/f changed")
			})
		})
	}
}

func TestWatchesAFolderThatIsReplaced(t *testing.T) {
	onRoot(t, func(d *disk, folder string) {
		for range 3 {
			d.rename(folder, "away")
			d.write("top/root/in/f", "3")
			for d.seen["top/root/in/f"].Path == "" || d.seen["top/root/in/f"].Op == Removed {
				d.next()
			}
			d.seen = map[string]Change{}
			d.write("top/root/in/f", "4")
			d.expect("top/root/in/f changed")
			d.remove("away")
		}
	})
}

// TestSeesThatAPathLeadsElsewhere checks changes of what a path leads to for which the system has no event.
func TestSeesThatAPathLeadsElsewhere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		make    func(d *disk)
		root    string
		change  func(d *disk)
		want    string
		written string // the file that is written after that
		seen    string
	}{
		"a linked folder is removed and made again": {
			make:    func(d *disk) { d.write("dist/f", "1"); d.mkdir("app"); d.link("../dist", "app/static") },
			root:    "app/static",
			change:  func(d *disk) { d.remove("dist"); d.expect("app/static/f removed"); d.write("dist/f", "22") },
			want:    "app/static/f created",
			written: "dist/f", seen: "app/static/f changed",
		},
		"a folder two levels above is replaced": {
			make:    func(d *disk) { d.write("cur/app/src/f", "1"); d.write("next/app/src/f", "2") },
			root:    "cur/app/src",
			change:  func(d *disk) { d.rename("cur", "old"); d.rename("next", "cur") },
			want:    "cur/app/src/f changed",
			written: "cur/app/src/f", seen: "cur/app/src/f changed",
		},
		"a link two levels above is replaced": {
			make: func(d *disk) {
				d.write("v1/app/src/f", "1")
				d.write("v2/app/src/f", "2")
				d.link("v1", "cur")
			},
			root:    "cur/app/src",
			change:  func(d *disk) { d.link("v2", "new"); d.rename("new", "cur") },
			want:    "cur/app/src/f changed",
			written: "v2/app/src/f", seen: "cur/app/src/f changed",
		},
		"the target of a link to a file is made later": {
			make:    func(d *disk) { d.mkdir("in"); d.mkdir("out"); d.link("../out/f", "in/f") },
			root:    "in",
			change:  func(d *disk) { d.write("out/f", "1") },
			want:    "in/f created",
			written: "out/f", seen: "in/f changed",
		},
		"the target of a link to a folder is made later": {
			make:    func(d *disk) { d.mkdir("in"); d.mkdir("out"); d.link("../out/d", "in/d") },
			root:    "in",
			change:  func(d *disk) { d.write("out/d/f", "1") },
			want:    "in/d/f created",
			written: "out/d/f", seen: "in/d/f changed",
		},
		"a link to a folder is replaced behind another, and then a file beside it is written": {
			make: func(d *disk) {
				d.write("r1/f", "1")
				d.write("r2/f", "2")
				d.write("in/beside", "1")
				d.mkdir("mid")
				d.link("../r1", "mid/l")
				d.link("../mid/l", "in/d")
			},
			root: "in",
			change: func(d *disk) {
				d.link("../r2", "mid/new")
				d.rename("mid/new", "mid/l")
				d.write("in/beside", "2")
			},
			want:    "in/d/f changed",
			written: "r2/f", seen: "in/d/f changed",
		},
		"a link that a link leads to is replaced": {
			make: func(d *disk) {
				d.write("r1/f", "1")
				d.write("r2/f", "2")
				d.mkdir("in")
				d.mkdir("mid")
				d.link("../r1/f", "mid/l")
				d.link("../mid/l", "in/f")
			},
			root:    "in",
			change:  func(d *disk) { d.link("../r2/f", "mid/new"); d.rename("mid/new", "mid/l") },
			want:    "in/f changed",
			written: "r2/f", seen: "in/f changed",
		},
	} {
		t.Run(name, func(t *testing.T) {
			onDisk(t, func(_ *testing.T, d *disk) {
				c.make(d)
				d.set(map[string][]Root{"all": {{Path: d.path(c.root), Recursive: true}}})
				c.change(d)
				for !strings.Contains(d.list(), c.want) {
					d.next()
				}
				d.seen = map[string]Change{}
				d.write(c.written, "333")
				d.expect(c.seen)
			})
		})
	}
}
