package bundle

import (
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"

	"github.com/andybalholm/brotli"
)

// example is an app with a front end of the usual size, and of more code than a new one.
const example = "../../examples/custom-ui"

// buildExample builds the example's front end into a new folder, and returns that.
func buildExample(tb testing.TB, o Options) string {
	tb.Helper()
	dir, err := filepath.Abs(example)
	if err != nil {
		tb.Fatal(err)
	}
	o.Dir, o.Package, o.Out = dir, "./frontend", tb.TempDir()
	if _, err := Build(tb.Context(), o); err != nil {
		tb.Fatal(err)
	}
	return o.Out
}

// BenchmarkBuild measures what compression adds to a build whose packages are compiled already:
//
//	go test -run '^$' -bench Build -benchtime 5x ./internal/bundle
func BenchmarkBuild(b *testing.B) {
	buildExample(b, Options{}) // compiles the packages
	for _, bb := range []struct {
		name string
		o    Options
	}{{"plain", Options{}}, {"gzip", Options{Gzip: true}}, {"brotli", Options{Gzip: true, Brotli: true}}} {
		b.Run(bb.name, func(b *testing.B) {
			for b.Loop() {
				buildExample(b, bb.o)
			}
		})
	}
}

// BenchmarkCompress measures the compressors alone, on the program of the example:
//
//	go test -run '^$' -bench Compress -benchtime 5x ./internal/bundle
func BenchmarkCompress(b *testing.B) {
	program, err := os.ReadFile(filepath.Join(buildExample(b, Options{}), Program))
	if err != nil {
		b.Fatal(err)
	}
	for _, bb := range []struct {
		name     string
		compress func() int
	}{
		{"gzip-fastest", func() int { return len(gzipped(program, gzip.BestSpeed)) }},
		{"gzip-best", func() int { return len(gzipped(program, gzip.BestCompression)) }},
		{"brotli-best", func() int {
			small, err := compressBrotli(b.Context(), program, brotli.BestCompression)
			if err != nil {
				b.Fatal(err)
			}
			return len(small)
		}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.SetBytes(int64(len(program)))
			size := 0
			for b.Loop() {
				size = bb.compress()
			}
			b.ReportMetric(float64(size), "bytes")
		})
	}
}
