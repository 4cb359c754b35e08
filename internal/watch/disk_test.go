package watch

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// limit bounds each wait of a test.
const limit = time.Minute

// disk is a folder that a watcher watches, and what the watcher reported.
type disk struct {
	t   *testing.T
	w   *Watcher
	dir string
	// aside is a folder beside it, which is not watched.
	aside string
	// seen is the last change of each path, relative to dir.
	seen    map[string]Change
	batches int

	mu      sync.Mutex
	reports []string
}

// modes runs a test with events and with polling.
func modes(t *testing.T, test func(t *testing.T, o Options)) {
	t.Run("events", func(t *testing.T) { t.Parallel(); test(t, Options{}) })
	t.Run("polling", func(t *testing.T) { t.Parallel(); test(t, Options{Poll: true, interval: 10 * time.Millisecond}) })
}

// onDisk runs a test in both modes, in parallel with other tests.
func onDisk(t *testing.T, test func(t *testing.T, d *disk)) {
	t.Helper()
	t.Parallel()
	modes(t, func(t *testing.T, o Options) { test(t, newDisk(t, o)) })
}

// onRoot runs a test of the root top/root, which has the file in/f. The test does something to a folder: the root, or the one
// above it.
func onRoot(t *testing.T, test func(d *disk, folder string)) {
	t.Helper()
	for _, folder := range []string{"top", "top/root"} {
		t.Run(folder, func(t *testing.T) {
			onDisk(t, func(_ *testing.T, d *disk) {
				d.write("top/root/in/f", "1")
				d.set(map[string][]Root{"all": {{Path: d.path("top/root"), Recursive: true}}})
				test(d, folder)
			})
		})
	}
}

func newDisk(t *testing.T, o Options) *disk {
	d := &disk{t: t, dir: t.TempDir(), aside: t.TempDir(), seen: map[string]Change{}}
	o.Report = func(text string) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.reports = append(d.reports, text)
	}
	d.w = New(o)
	t.Cleanup(d.w.Close)
	return d
}

func (d *disk) path(name string) string { return filepath.Join(d.dir, filepath.FromSlash(name)) }

func (d *disk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *disk) mkdir(name string)      { d.t.Helper(); d.must(os.MkdirAll(d.path(name), 0o755)) }
func (d *disk) remove(name string)     { d.t.Helper(); d.must(os.RemoveAll(d.path(name))) }
func (d *disk) rename(from, to string) { d.t.Helper(); d.must(os.Rename(d.path(from), d.path(to))) }
func (d *disk) link(target, name string) {
	d.t.Helper()
	d.must(os.Symlink(filepath.FromSlash(target), d.path(name)))
}
func (d *disk) set(groups map[string][]Root) { d.t.Helper(); d.must(d.w.Set(groups)) }

// write writes a file in one step, so that it is one change.
func (d *disk) write(name, text string) {
	d.t.Helper()
	d.mkdir(filepath.ToSlash(filepath.Dir(name)))
	file := filepath.Join(d.aside, "file")
	d.must(os.WriteFile(file, []byte(text), 0o644))
	d.must(os.Rename(file, d.path(name)))
}

// append writes to the end of a file.
func (d *disk) append(name, text string) {
	d.t.Helper()
	f, err := os.OpenFile(d.path(name), os.O_WRONLY|os.O_APPEND, 0)
	d.must(err)
	defer f.Close()
	_, err = f.WriteString(text)
	d.must(err)
}

// watchTree watches the folder and all that is in it.
func (d *disk) watchTree() {
	d.t.Helper()
	d.set(map[string][]Root{"all": {{Path: d.dir, Recursive: true}}})
}

// next waits for the next batch.
func (d *disk) next() {
	d.t.Helper()
	select {
	case batch, open := <-d.w.Changes():
		if !open {
			d.t.Fatal("the channel is closed")
		}
		if !slices.IsSortedFunc(batch, func(a, b Change) int { return strings.Compare(a.Path, b.Path) }) || len(batch) == 0 {
			d.t.Fatalf("the batch is empty or not sorted: %v", batch)
		}
		d.batches++
		for _, c := range batch {
			name, err := filepath.Rel(d.dir, c.Path)
			d.must(err)
			d.seen[filepath.ToSlash(name)] = c
		}
	case <-time.After(limit):
		d.t.Fatalf("no batch came; seen so far: %s\n%s", d.list(), strings.Join(d.reports, "\n"))
	}
}

// list returns what has been seen, such as "a.txt created, b.txt removed".
func (d *disk) list() string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(d.seen)) {
		all = append(all, name+" "+d.seen[name].Op.String())
	}
	return strings.Join(all, ", ")
}

// expect waits until all that is wanted has been seen, then checks that nothing else was, and forgets it.
func (d *disk) expect(want string) {
	d.t.Helper()
	has := func() bool {
		for one := range strings.SplitSeq(want, ", ") {
			name, op, _ := cutLast(one)
			if c, ok := d.seen[name]; !ok || op != c.Op.String() {
				return false
			}
		}
		return true
	}
	for !has() {
		d.next()
	}
	if got := d.list(); got != want {
		d.t.Fatalf("saw  %s\nwant %s", got, want)
	}
	d.seen = map[string]Change{}
}

// settle waits until the watcher has reported a file that was written last.
func (d *disk) settle() {
	d.t.Helper()
	d.write("settled", time.Now().String())
	for d.seen["settled"].Path == "" {
		d.next()
	}
	delete(d.seen, "settled")
}

// inspect calls f while the watcher does nothing else.
func (w *Watcher) inspect(f func()) {
	done := make(chan struct{})
	w.requests <- request{f, done}
	<-done
}

func cutLast(text string) (before, after string, ok bool) {
	i := strings.LastIndexByte(text, ' ')
	return text[:max(i, 0)], text[i+1:], i > 0
}

// report waits until a report contains a text.
func (d *disk) report(text string) {
	d.t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if !strings.Contains(strings.Join(d.reports, "\n"), text) {
		d.t.Fatalf("%q is not in the reports %q", text, d.reports)
	}
}
