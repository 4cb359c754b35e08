package watch

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// names are those of random folders and files. They are few, so that operations meet.
var names = []string{"a", "b", "c", "d e", "ü"}

// random returns a path of one to three names.
func random(r *rand.Rand) string {
	path := names[r.IntN(len(names))]
	for range r.IntN(3) {
		path += "/" + names[r.IntN(len(names))]
	}
	return path
}

// change does something to the folder. Many operations are impossible, which is an error that does not matter.
func change(r *rand.Rand, dir string) {
	path, other := filepath.Join(dir, random(r)), filepath.Join(dir, random(r))
	switch r.IntN(10) {
	case 0, 1, 2, 3:
		_ = os.MkdirAll(filepath.Dir(path), 0o755)
		_ = os.WriteFile(path, []byte{byte('0' + r.IntN(10))}, 0o644)
	case 4:
		_ = os.MkdirAll(path, 0o755)
	case 5, 6:
		_ = os.RemoveAll(path)
	case 7, 8:
		_ = os.Rename(path, other)
	case 9:
		at := time.Unix(r.Int64N(2e9), 0)
		_ = os.Chtimes(path, at, at)
	}
}

// content returns the content of all files, by path.
func content(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		all[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// apply changes a model of which files exist by what was reported.
func (d *disk) apply(batch []Change, model map[string]bool) {
	d.t.Helper()
	for _, c := range batch {
		if (c.Op == Created) == model[c.Path] {
			d.t.Errorf("%s was reported as %s, but it existed before: %t", c.Path, c.Op, model[c.Path])
		}
		model[c.Path] = c.Op != Removed
		name, err := filepath.Rel(d.dir, c.Path)
		d.must(err)
		d.seen[filepath.ToSlash(name)] = c
	}
}

func TestReportsExplainEveryDifference(t *testing.T) {
	t.Parallel()
	modes(t, func(t *testing.T, o Options) {
		for seed := range uint64(12) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 0))
				d := newDisk(t, o)
				for range 20 {
					change(r, d.dir)
				}
				d.watchTree()
				model, before := map[string]bool{}, content(t, d.dir)
				for path := range before {
					model[path] = true
				}
				for range 20 {
					for range r.IntN(40) {
						change(r, d.dir)
						// Sometimes receive in the middle.
						select {
						case batch := <-d.w.Changes():
							d.apply(batch, model)
						default:
						}
					}
					now := content(t, d.dir)
					explained := func() (problem string) {
						for path, text := range now {
							old, was := before[path]
							name, _ := filepath.Rel(d.dir, path)
							if _, reported := d.seen[filepath.ToSlash(name)]; (!was || old != text) && !reported {
								problem = path + " was written, but not reported"
							}
							if !model[path] {
								problem = path + " exists, but was reported as removed or not at all"
							}
						}
						for path, known := range model {
							if _, exists := now[path]; known && !exists {
								problem = path + " is gone, but that was not reported"
							}
						}
						return problem
					}
					for explained() != "" {
						select {
						case batch := <-d.w.Changes():
							d.apply(batch, model)
						case <-time.After(limit):
							t.Fatal(explained())
						}
					}
					before, d.seen = now, map[string]Change{}
				}
			})
		}
	})
}

// holding is what the process and a watcher hold.
type holding struct{ descriptors, goroutines, folders, files, listeners int }

func TestDoesNotGrow(t *testing.T) {
	// Not parallel: it counts what the process holds.
	for _, poll := range []bool{false, true} {
		t.Run(map[bool]string{false: "events", true: "polling"}[poll], func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 1))
			d := newDisk(t, Options{Poll: poll, interval: 10 * time.Millisecond})
			d.watchTree()
			// measure ends with the same files each time.
			measure := func() holding {
				entries, err := os.ReadDir(d.dir)
				d.must(err)
				for _, e := range entries {
					d.remove(e.Name())
				}
				for i := range 3 {
					d.write(fmt.Sprintf("x/%d/f", i), "1")
				}
				d.settle()
				for len(content(t, d.dir)) != 4 {
					d.next()
				}
				d.watchTree()
				d.watchTree()
				var h holding
				d.w.inspect(func() {
					h.folders, h.listeners = len(d.w.folders), len(d.w.listeners)
					for _, f := range d.w.folders {
						h.files += len(f.files)
					}
					if h.files+h.folders != d.w.total {
						t.Errorf("there are %d files and %d folders, but %d are counted", h.files, h.folders, d.w.total)
					}
				})
				h.goroutines = runtime.NumGoroutine()
				if open, err := os.ReadDir("/proc/self/fd"); err == nil {
					h.descriptors = len(open)
				}
				return h
			}
			first := measure()
			for i := range 500 {
				change(r, d.dir)
				if i%25 == 0 {
					d.settle()
				}
				d.seen = map[string]Change{}
			}
			last := measure()
			// What reads the system's events ends some time after its watches.
			for end := time.Now().Add(limit); last != first && time.Now().Before(end); {
				last = measure()
			}
			if last != first {
				t.Errorf("held %+v, then %+v", first, last)
			}
			before := runtime.NumGoroutine()
			d.w.Close()
			want := 2 // run, and what collects hints
			if poll {
				want = 1
			}
			ended := func() int { return before - runtime.NumGoroutine() }
			// A goroutine still counts for a moment after its last statement, for which Close waits.
			for end := time.Now().Add(limit); ended() < want && time.Now().Before(end); {
				runtime.Gosched()
			}
			if ended() < want {
				t.Errorf("Close ended %d goroutines, want %d", ended(), want)
			}
		})
	}
}
