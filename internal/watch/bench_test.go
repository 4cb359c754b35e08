package watch

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// BenchmarkSave measures the time from a save to its batch.
func BenchmarkSave(b *testing.B) {
	dir := b.TempDir()
	file := filepath.Join(dir, "style.css")
	w := New(Options{})
	defer w.Close()
	if err := w.Set(map[string][]Root{"all": {{Path: dir, Recursive: true}}}); err != nil {
		b.Fatal(err)
	}
	var all []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		if err := os.WriteFile(file, fmt.Append(nil, i), 0o644); err != nil {
			b.Fatal(err)
		}
		<-w.Changes()
		all = append(all, time.Since(start))
	}
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2].Microseconds())/1e3, "ms-median")
}

// BenchmarkTree measures Set for 5,000 files of 5 KB, and looking at all of them again.
func BenchmarkTree(b *testing.B) {
	dir := b.TempDir()
	for i := range 5000 {
		file := filepath.Join(dir, fmt.Sprint(i%250), fmt.Sprint(i))
		if i < 250 {
			if err := os.Mkdir(filepath.Dir(file), 0o755); err != nil {
				b.Fatal(err)
			}
		}
		if err := os.WriteFile(file, []byte(strings.Repeat("x", 5000)), 0o644); err != nil {
			b.Fatal(err)
		}
		if err := os.Chtimes(file, time.Unix(1e9, 0), time.Unix(1e9, 0)); err != nil {
			b.Fatal(err)
		}
	}
	roots := map[string][]Root{"all": {{Path: dir, Recursive: true}}}
	b.Run("first Set", func(b *testing.B) {
		for b.Loop() {
			w := New(Options{})
			if err := w.Set(roots); err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			w.Close()
			b.StartTimer()
		}
	})
	w := New(Options{})
	defer w.Close()
	if err := w.Set(roots); err != nil {
		b.Fatal(err)
	}
	b.Run("same Set", func(b *testing.B) {
		for b.Loop() {
			if err := w.Set(roots); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("all watches again", func(b *testing.B) {
		for b.Loop() {
			w.inspect(w.renew)
		}
	})
}
