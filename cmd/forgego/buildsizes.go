package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/internal/terminal"
)

// maxListed limits how many files of a resource the list names. The files that the build makes do not count.
const maxListed = 10

// sizeReport says how large the files of a resource are, and how large they were after the last forgego build. The sizes are
// kept in the user's cache, because forgego dev also writes into the resource's folder.
type sizeReport struct {
	now, before map[string]bundle.Sizes
	// cache is the file with the sizes, or empty if there is no folder for it.
	cache string
}

// newSizeReport measures a resource's folder.
func newSizeReport(dir string) (r sizeReport, err error) {
	if r.now, err = bundle.Measure(dir); err != nil {
		return r, err
	}
	folder, err := os.UserCacheDir()
	if err != nil {
		return r, nil
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return r, err
	}
	r.cache = filepath.Join(folder, "forgego", "sizes", fmt.Sprintf("%x.json", sha256.Sum256([]byte(dir))))
	if text, err := os.ReadFile(r.cache); err == nil && json.Unmarshal(text, &r.before) != nil {
		r.before = nil
	}
	return r, nil
}

// maxAge is how long sizes are kept.
const maxAge = 90 * 24 * time.Hour

// keep keeps the sizes for the next build, and removes old ones. A cache that cannot be written is not an error.
func (r sizeReport) keep() error {
	if r.cache == "" {
		return nil
	}
	text, err := json.Marshal(r.now)
	if err != nil {
		return err
	}
	folder := filepath.Dir(r.cache)
	if os.MkdirAll(folder, 0o700) != nil || os.WriteFile(r.cache, text, 0o600) != nil {
		return nil
	}
	entries, _ := os.ReadDir(folder)
	for _, e := range entries {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > maxAge {
			_ = os.Remove(filepath.Join(folder, e.Name()))
		}
	}
	return nil
}

// table returns the sizes as a table: the files that the build makes first, then the largest others, and the sum.
func (r sizeReport) table() string {
	names := slices.SortedFunc(maps.Keys(r.now), func(a, b string) int {
		if made, other := slices.Contains(bundle.Files, a), slices.Contains(bundle.Files, b); made != other {
			if made {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(r.now[b].Size, r.now[a].Size), strings.Compare(a, b))
	})
	rows := [][4]string{{"", "size", "sent", ""}}
	var rest, restBefore, sum, sumBefore bundle.Sizes
	others := 0
	for _, name := range names {
		now, before := r.now[name], r.before[name]
		add(&sum, now)
		if !slices.Contains(bundle.Files, name) {
			if others++; others > maxListed {
				add(&rest, now)
				add(&restBefore, before)
				continue
			}
		}
		rows = append(rows, r.row(name, now, before))
	}
	for _, before := range r.before {
		add(&sumBefore, before)
	}
	if others > maxListed {
		rows = append(rows, r.row(fmt.Sprintf("%d other files", others-maxListed), rest, restBefore))
	}
	rows = append(rows, r.row(fmt.Sprintf("%d files", len(names)), sum, sumBefore))
	var width [3]int
	for _, row := range rows {
		for i := range width {
			width[i] = max(width[i], terminal.Width(row[i]))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		line := fmt.Sprintf("  %s%s  %*s  %*s  %s", row[0], strings.Repeat(" ", width[0]-terminal.Width(row[0])), width[1], row[1], width[2], row[2], row[3])
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func add(to *bundle.Sizes, s bundle.Sizes) {
	to.Size += s.Size
	to.Sent += s.Sent
}

// row returns a line of the table.
func (r sizeReport) row(name string, now, before bundle.Sizes) [4]string {
	sent := "–"
	if now.Sent > 0 {
		sent = terminal.Size(now.Sent)
	}
	return [4]string{name, terminal.Size(now.Size), sent, r.growth(now, before)}
}

// minGrowth is the smallest difference that is shown, in bytes: the smallest that terminal.Size can show, 0.1 kB.
const minGrowth = 100

// growth returns the difference to the last build, such as "+1.2 kB": of what a browser gets, or of the file's size if a browser
// does not get the file.
func (r sizeReport) growth(now, before bundle.Sizes) string {
	difference := now.Sent - before.Sent
	if now.Sent == 0 && before.Sent == 0 {
		difference = now.Size - before.Size
	}
	switch {
	case r.before == nil, -minGrowth < difference && difference < minGrowth:
		return ""
	case before == bundle.Sizes{}:
		return "new"
	case difference < 0:
		return "-" + terminal.Size(-difference)
	}
	return "+" + terminal.Size(difference)
}
