package watch

import (
	"os"
	"testing"
	"time"

	"github.com/forgego/forgego/internal/clock"
)

// What a build depended on is known only when it has ended. A change during the build must be reported.
func TestSetReportsWhatChangedSince(t *testing.T) {
	for name, c := range map[string]struct {
		change func(d *disk)
		want   string
	}{
		"a file":                   {func(d *disk) { d.write("one", "2") }, "one changed"},
		"a file in a folder":       {func(d *disk) { d.write("tree/sub/f", "2") }, "tree changed"},
		"a new file in a folder":   {func(d *disk) { d.write("tree/new", "1") }, "tree changed"},
		"a file that is removed":   {func(d *disk) { d.remove("tree/sub/f") }, "tree changed"},
		"a folder that is removed": {func(d *disk) { d.remove("source") }, "source changed"},
		"a file in a new folder":   {func(d *disk) { d.write("tree/new/f", "1") }, "tree changed"},
		"an older file in its place": {func(d *disk) {
			d.write("older", "2")
			d.must(os.Chtimes(d.path("older"), time.Unix(1e9, 0), time.Unix(1e9, 0)))
			d.rename("older", "tree/sub/f")
		}, "tree changed"},
		"a file, by a clock that was set back": {func(d *disk) {
			clock.Move(-time.Hour)
			d.t.Cleanup(func() { clock.Move(time.Hour) })
			d.write("one", "2")
			at := time.Now().Add(-time.Hour)
			d.must(os.Chtimes(d.path("one"), at, at))
		}, "one changed, source changed, tree changed"},
		"a file that is not of the root": {func(d *disk) { d.append("source/readme", "2") }, ""},
		"nothing":                        {func(d *disk) {}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDisk(t, Options{})
			d.write("one", "1")
			d.write("tree/sub/f", "1")
			d.write("source/f.go", "1")
			d.write("source/readme", "1")
			d.write("tree/sub/ahead", "1")
			ahead := time.Now().Add(time.Hour)
			d.must(os.Chtimes(d.path("tree/sub/ahead"), ahead, ahead))
			d.tick()
			began := clock.Now()
			c.change(d)
			groups := map[string][]Root{
				"one":    {{Path: d.path("one"), Since: began}},
				"tree":   {{Path: d.path("tree"), Recursive: true, Since: began}},
				"source": {{Path: d.path("source"), Match: func(path string) bool { return path == d.path("source/f.go") }, Since: began}},
				"last":   {{Path: d.path("last")}},
			}
			d.set(groups)
			d.set(groups) // It reports nothing twice.
			d.write("last", "1")
			want := "last created"
			if c.want != "" {
				want += ", " + c.want
			}
			d.expect(want)
			d.set(groups)
			d.write("last", "2")
			d.expect("last changed")
		})
	}
}

// tick waits until a file that is written now is clearly newer than all others.
func (d *disk) tick() {
	d.t.Helper()
	for start, now := time.Now(), (time.Time{}); now.Sub(start) < 2*tick; {
		d.must(os.WriteFile(d.aside+"/now", nil, 0o644))
		info, err := os.Stat(d.aside + "/now")
		d.must(err)
		now = info.ModTime()
	}
}
