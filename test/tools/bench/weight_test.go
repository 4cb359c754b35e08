package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"github.com/forgego/forgego/test/tools/bench/wasmsize"
)

// TestPackages checks that the sizes of a real program add up, and that each of its packages has a size.
func TestPackages(t *testing.T) {
	t.Chdir("../..")
	code, sections, err := packages(t.Context(), weighed+"/empty", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	sizes := map[string]int{}
	for _, p := range code {
		sum += p.Size
		sizes[p.Name] = p.Size
	}
	if sections[0].Name != "code" || sum > sections[0].Size || sum < sections[0].Size-20 {
		t.Errorf("the packages are %d bytes, the section is %+v", sum, sections[0])
	}
	if sizes["runtime"] < sum/2 || sizes["main"] == 0 || sizes["main"] > 1000 || sizes["syscall/js"] != 0 || sizes[wasmsize.Other] > sum/20 {
		t.Errorf("got %v", sizes)
	}
}

func TestWeightPrograms(t *testing.T) {
	t.Chdir("../..")
	programs, err := weightPrograms()
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"empty", "safejs", "text", "json"} {
		if i >= len(programs) || programs[i][0] != want || programs[i][1] == "" {
			t.Errorf("place %d is not %s in %q", i, want, programs)
		}
	}
}

func TestSizeCache(t *testing.T) {
	data := bytes.Repeat([]byte("WebAssembly "), 1000)
	file := filepath.Join(t.TempDir(), "bin", "sizes.json")
	cache := newSizeCache(file)
	got := cache.weigh("a name", data)
	if got.Name != "a name" || got.Raw != len(data) || got.Gzip < 20 || got.Gzip > 200 || got.Brotli < 20 || got.Brotli >= got.Gzip {
		t.Errorf("got %+v", got)
	}
	if err := cache.save(); err != nil {
		t.Fatal(err)
	}
	again := newSizeCache(file)
	if len(again.sizes) != 1 {
		t.Fatalf("%d sizes, want 1", len(again.sizes))
	}
	other := got
	other.Name = "another name"
	if w := again.weigh("another name", data); w != other {
		t.Errorf("from the file: %+v, want %+v", w, other)
	}
	if err := os.WriteFile(file, []byte("no JSON"), 0o600); err != nil {
		t.Fatal(err)
	}
	if len(newSizeCache(file).sizes) != 0 {
		t.Error("it read what is no JSON")
	}
}

func TestEncoded(t *testing.T) {
	text := strings.Repeat("Go ", 100)
	decoders := map[string]func(io.Reader) (io.Reader, error){
		"identity": func(r io.Reader) (io.Reader, error) { return r, nil },
		"gzip":     func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"br":       func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
	}
	for encoding, decoder := range decoders {
		data, err := encoded([]byte(text), encoding)
		if err != nil {
			t.Fatal(err)
		}
		r, err := decoder(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != text {
			t.Errorf("%s: %d bytes, %v", encoding, len(got), err)
		}
	}
	if _, err := encoded(nil, "zip"); err == nil {
		t.Error("zip is no content-encoding, and there is no error")
	}
}
