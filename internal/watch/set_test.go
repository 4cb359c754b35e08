package watch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestSetKeepsWhatIsKnown(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk) {
		d.write("a/f", "1")
		d.write("b/f", "1")
		d.write("c/f", "1")
		groups := func(names ...string) map[string][]Root {
			g := map[string][]Root{}
			for _, name := range names {
				g[name] = []Root{{Path: d.path(name), Recursive: true}}
			}
			g["every f"] = []Root{{Path: d.path("a/f")}, {Path: d.path("b/f")}}
			return g
		}
		d.set(groups("a", "b"))
		d.write("a/f", "2")
		d.write("a/new/f", "1")
		d.write("b/f", "2")
		d.set(groups("a", "c")) // no longer the folder b
		d.write("b/g", "1")
		d.write("c/f", "2")
		d.expect("a/f changed, a/new/f created, b/f changed, c/f changed")
		d.set(groups("a"))
		d.write("c/f", "3")
		d.write("a/f", "3")
		for d.seen["a/f"].Path == "" {
			d.next()
		}
		if got := d.seen["a/f"].Groups; !slices.Equal(got, []string{"a", "every f"}) {
			t.Error("the groups of a/f are", got)
		}
		d.expect("a/f changed")
		d.set(nil)
		d.w.Close()
		if _, open := <-d.w.Changes(); open {
			t.Error("a batch came after nothing was watched")
		}
	})
}

func TestSetEndsTheWatchesOfOtherFolders(t *testing.T) {
	t.Parallel()
	d := newDisk(t, Options{})
	d.write("a/in/f", "1")
	d.write("b/f", "1")
	d.set(map[string][]Root{"a": {{Path: d.path("a"), Recursive: true}}})
	d.set(map[string][]Root{"b": {{Path: d.path("b"), Recursive: true}}})
	d.w.inspect(func() {
		if len(d.w.listeners) != 2 || len(d.w.folders) != 2 {
			t.Errorf("the watcher listens in %d folders and knows %d, want the parent and b", len(d.w.listeners), len(d.w.folders))
		}
	})
}

func TestSetReturnsErrors(t *testing.T) {
	t.Parallel()
	d := newDisk(t, Options{})
	if err := d.w.Set(map[string][]Root{"main": {{}}}); err == nil || !strings.Contains(err.Error(), "main has no path") {
		t.Error(err)
	}
	d.w.Close()
	if err := d.w.Set(nil); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	d.w.Close()
}

func TestMergesWhatNobodyReceived(t *testing.T) {
	t.Parallel()
	w := &Watcher{pending: map[string]Change{}}
	for _, c := range []struct {
		ops  []Op
		want string
	}{
		{[]Op{Created, Changed}, "created"},
		{[]Op{Created, Removed}, ""},
		{[]Op{Removed, Created}, "changed"},
		{[]Op{Removed, Created, Removed}, "removed"},
		{[]Op{Changed, Removed}, "removed"},
		{[]Op{Changed, Changed}, "changed"},
	} {
		clear(w.pending)
		for _, op := range c.ops {
			w.note(Change{Path: "f", Op: op})
		}
		got := ""
		if p, ok := w.pending["f"]; ok {
			got = p.Op.String()
		}
		if got != c.want {
			t.Errorf("%v: %q, want %q", c.ops, got, c.want)
		}
	}
}

func TestWatchesNoMoreThanTheLimit(t *testing.T) {
	t.Parallel()
	modes(t, func(t *testing.T, o Options) {
		o.limit = 20
		d := newDisk(t, o)
		for i := range 50 {
			d.write(fmt.Sprintf("many/%d/f%d", i%5, i), "1")
		}
		d.write("manifest.yml", "1")
		d.set(map[string][]Root{"many": {{Path: d.path("many"), Recursive: true}}, "manifest": {{Path: d.path("manifest.yml")}}})
		d.report("more than 20 files")
		d.report(d.path("many"))
		if len(d.reports) != 1 {
			t.Error(d.reports)
		}
		d.w.inspect(func() {
			if d.w.total != 20 {
				t.Errorf("%d files and folders are watched, want 20", d.w.total)
			}
		})
		d.write("manifest.yml", "2")
		d.expect("manifest.yml changed")
	})
}

// Nothing may wait for a reader of the channel.
func TestClosesWhileChangesWait(t *testing.T) {
	onDisk(t, func(t *testing.T, d *disk) {
		d.watchTree()
		for i := range 100 {
			d.write(fmt.Sprintf("f%d", i), "1")
		}
		d.watchTree()
		d.w.Close()
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		for {
			select {
			case _, open := <-d.w.Changes():
				if !open {
					return
				}
			case <-ctx.Done():
				t.Fatal("the channel is open after Close")
			}
		}
	})
}
