package bundle

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

func TestBuildCompressed(t *testing.T) {
	dir := app(t, hello)
	if got, want := build(t, dir, true), []string{Program, Script, Gzipped, Brotli, Index}; !reflect.DeepEqual(got, want) {
		t.Errorf("wrote %v, want %v", got, want)
	}
	checkCompressed(t, dir, Gzipped)
	checkCompressed(t, dir, Brotli)
	index := string(get(t, dir, Index))
	if !strings.Contains(index, `data-program="app.wasm" data-gzip defer`) || !strings.Contains(index, `href="app.wasm.gz"`) {
		t.Errorf("index.html does not load the compressed program:\n%s", index)
	}
	if !LoadsGzip(filepath.Join(dir, "static")) {
		t.Error("LoadsGzip = false, want true")
	}
	if got := build(t, dir, true); got != nil {
		t.Errorf("a build without changes wrote %v", got)
	}

	// A build without compression must leave no old program, neither for a page that loads the gzip file nor for a
	// server that sends the brotli file.
	put(t, filepath.Join(dir, "frontend", "main.go"), strings.Replace(hello, "hello", "good evening", 1))
	if got, want := build(t, dir, false), []string{"not " + Brotli, Program, Gzipped}; !reflect.DeepEqual(got, want) {
		t.Errorf("wrote %v, want %v", got, want)
	}
	checkCompressed(t, dir, Gzipped)

	// A build with compression replaces an old file.
	put(t, filepath.Join(dir, "static", Brotli), "old")
	if got, want := build(t, dir, true), []string{Brotli}; !reflect.DeepEqual(got, want) {
		t.Errorf("wrote %v, want %v", got, want)
	}
	checkCompressed(t, dir, Brotli)
}

// TestBuildGzipForPage checks that a page that loads the compressed program gets it from each build, as of forgego dev.
func TestBuildGzipForPage(t *testing.T) {
	dir := app(t, hello)
	put(t, filepath.Join(dir, "static", Index), `<script src="forgego.js" data-program="app.wasm" data-gzip defer></script>`)
	if got, want := build(t, dir, false), []string{Program, Script, Gzipped}; !reflect.DeepEqual(got, want) {
		t.Errorf("wrote %v, want %v", got, want)
	}
	checkCompressed(t, dir, Gzipped)
	fast := get(t, dir, Gzipped)
	if _, err := Build(t.Context(), Options{Dir: dir, Package: "./frontend", Out: "static", Gzip: true}); err != nil {
		t.Fatal(err)
	}
	checkCompressed(t, dir, Gzipped)
	if best := get(t, dir, Gzipped); len(best) >= len(fast) {
		t.Errorf("the best level has %d bytes, the fastest %d", len(best), len(fast))
	}
}

func checkCompressed(t *testing.T, dir, name string) {
	t.Helper()
	data := bytes.NewReader(get(t, dir, name))
	var r io.Reader = brotli.NewReader(data)
	if name == Gzipped {
		z, err := gzip.NewReader(data)
		if err != nil {
			t.Fatal(err)
		}
		r = z
	}
	program, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(program, get(t, dir, Program)) {
		t.Errorf("%s does not decompress to app.wasm (%v)", name, err)
	}
}

func TestCompressedForms(t *testing.T) {
	// The program is longer than one piece.
	program := []byte(strings.Repeat("a program, and more of it. ", 10_000))
	small, err := compressBrotli(t.Context(), program, brotli.BestCompression)
	if err != nil || len(small) > 200 {
		t.Fatalf("compressBrotli returned %d bytes, %v; want at most 200 bytes", len(small), err)
	}
	for _, form := range []struct {
		name string
		data []byte
		is   func(data, program []byte) bool
	}{{"brotli", small, isBrotliOf}, {"gzip", gzipped(program, gzip.BestSpeed), isGzipOf}} {
		t.Run(form.name, func(t *testing.T) {
			if !form.is(form.data, program) {
				t.Error("the compressed program is not recognised")
			}
			checkOthers(t, form.data, program, form.is)
		})
	}
}

func checkOthers(t *testing.T, small, program []byte, is func(data, program []byte) bool) {
	t.Helper()
	for _, c := range []struct {
		name          string
		data, program []byte
	}{
		{"another program", small, program[1:]},
		{"a program without the last byte", small, program[:len(program)-1]},
		{"a program with one more byte", small, append(program[:len(program):len(program)], ' ')},
		{"cut off", small[:len(small)-1], program},
		{"empty", nil, program},
		{"not compressed", program, program},
	} {
		t.Run(c.name, func(t *testing.T) {
			if is(c.data, c.program) {
				t.Error("the data counts as the compressed program")
			}
		})
	}
}

func TestCompressBrotliCancelled(t *testing.T) {
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	if small, err := compressBrotli(ctx, []byte("a program"), brotli.BestCompression); small != nil || !errors.Is(err, why) {
		t.Errorf("got %d bytes, %v", len(small), err)
	}
}

// stuck is a compressor whose Write never returns.
type stuck struct{ begun chan<- struct{} }

func (s stuck) Write(p []byte) (int, error) {
	s.begun <- struct{}{}
	select {}
}

func (s stuck) Close() error { return nil }

// Build returns at once when it is cancelled while it compresses. By then it has already removed the compiler's files.
func TestBuildCancelledWhileCompressing(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("GOTMPDIR", temp)
	begun := make(chan struct{}, 1)
	real := newBrotli
	newBrotli = func(io.Writer, int) io.WriteCloser { return stuck{begun} }
	t.Cleanup(func() { newBrotli = real })
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("enough")
	go func() {
		<-begun
		if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
			t.Errorf("while Build compresses, the temporary folder contains %v (%v)", left, err)
		}
		cancel(why)
	}()
	files, err := Build(ctx, Options{Dir: app(t, hello), Package: "./frontend", Out: "static", Gzip: true, Brotli: true})
	if files != nil || !errors.Is(err, why) {
		t.Errorf("got %v, %v", files, err)
	}
}
