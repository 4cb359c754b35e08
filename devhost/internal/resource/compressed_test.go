package resource

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/andybalholm/brotli"

	"github.com/forgego/forgego/devhost/internal/testapp"
)

func packed(t *testing.T, text string, to func(io.Writer) io.WriteCloser) string {
	t.Helper()
	var b bytes.Buffer
	w := to(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func brotliOf(t *testing.T, text string) string {
	return packed(t, text, func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) })
}

func gzipOf(t *testing.T, text string) string {
	return packed(t, text, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
}

func TestResourceCompressed(t *testing.T) {
	const program = "the program"
	const browser = "gzip, deflate, br, zstd"
	for _, c := range []struct {
		name     string
		br, gz   string // the files next to the program; "" for none
		accept   string
		encoding string
	}{
		{"both", brotliOf(t, program), gzipOf(t, program), browser, "br"},
		{"gzip only", "", gzipOf(t, program), browser, "gzip"},
		{"the browser accepts gzip only", brotliOf(t, program), gzipOf(t, program), "gzip", "gzip"},
		{"the browser accepts none", brotliOf(t, program), gzipOf(t, program), "identity", ""},
		{"the browser refuses", brotliOf(t, program), gzipOf(t, program), "br;q=0, gzip; q=0.0", ""},
		{"none", "", "", browser, ""},
		{"old brotli, current gzip", brotliOf(t, "the old one"), gzipOf(t, program), browser, "gzip"},
		{"old brotli and gzip", brotliOf(t, "the old one"), gzipOf(t, "an older one"), browser, ""},
		{"a brotli of a part", brotliOf(t, "the"), "", browser, ""},
		{"half of a brotli", brotliOf(t, program)[:5], "", browser, ""},
		{"not a brotli", program, program, browser, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := testapp.Manifest(t)
			testapp.Write(t, m.Dir, "static/main/app.wasm", program)
			if c.br != "" {
				testapp.Write(t, m.Dir, "static/main/app.wasm.br", c.br)
			}
			if c.gz != "" {
				testapp.Write(t, m.Dir, "static/main/app.wasm.gz", c.gz)
			}
			h := serve(t, m)
			url := h.AppURL() + "main/app.wasm"
			resp, text := testapp.Ask(t, "GET", url, "", "Accept-Encoding", c.accept)
			header := resp.Header
			if got := header.Get("Content-Encoding"); got != c.encoding {
				t.Errorf("the encoding is %q, want %q", got, c.encoding)
			}
			if want := map[string]string{"br": c.br, "gzip": c.gz, "": program}[c.encoding]; text != want {
				t.Errorf("got %q, want %q", text, want)
			}
			if header.Get("Content-Type") != "application/wasm" || header.Get("Vary") != "Accept-Encoding" || header.Get("Content-Security-Policy") == "" {
				t.Errorf("got %v", header)
			}
			warm, _ := testapp.Ask(t, "GET", url, "", "Accept-Encoding", c.accept, "If-None-Match", header.Get("ETag"))
			if warm.StatusCode != http.StatusNotModified {
				t.Errorf("a warm load gets %s", warm.Status)
			}
			other, _ := testapp.Ask(t, "GET", url, "", "Accept-Encoding", "identity", "If-None-Match", header.Get("ETag"))
			if want := map[bool]int{true: http.StatusOK, false: http.StatusNotModified}[c.encoding != ""]; other.StatusCode != want {
				t.Errorf("a browser that has the encoded file and accepts no encoding gets %s", other.Status)
			}
			if part, text := testapp.Ask(t, "GET", url, "", "Accept-Encoding", c.accept, "Range", "bytes=4-6"); part.StatusCode != http.StatusPartialContent || text != "pro" {
				t.Errorf("a range gets %s, %q", part.Status, text)
			}
		})
	}
}

// TestResourceCompressedAfterBuild checks that a new program is not served in the compressed form of the old one, even if
// both have the same time.
func TestResourceCompressedAfterBuild(t *testing.T) {
	m := testapp.Manifest(t)
	testapp.Write(t, m.Dir, "static/main/app.wasm", "first!")
	testapp.Write(t, m.Dir, "static/main/app.wasm.br", brotliOf(t, "first!"))
	h := serve(t, m)
	url := h.AppURL() + "main/app.wasm"
	before, _ := testapp.Ask(t, "GET", url, "", "Accept-Encoding", "br")
	if before.Header.Get("Content-Encoding") != "br" {
		t.Fatal("the compressed file is not served")
	}
	testapp.Write(t, m.Dir, "static/main/app.wasm", "second")
	after, text := testapp.Ask(t, "GET", url, "", "Accept-Encoding", "br", "If-None-Match", before.Header.Get("ETag"))
	if after.Header.Get("Content-Encoding") != "" || text != "second" {
		t.Errorf("got %s, %q", after.Status, text)
	}
}

// TestReplacedCompressedFormOfSameSizeAndTime checks that a form of an old program is not served.
func TestReplacedCompressedFormOfSameSizeAndTime(t *testing.T) {
	m := testapp.Manifest(t)
	h := serve(t, m)
	old := time.Now().Add(-time.Hour)
	put := func(name, text string) {
		t.Helper()
		testapp.Write(t, m.Dir, "static/main/"+name, text)
		if err := os.Chtimes(filepath.Join(m.Dir, "static", "main", name), old, old); err != nil {
			t.Fatal(err)
		}
	}
	first, second := brotliOf(t, "first!"), brotliOf(t, "second")
	if len(first) != len(second) {
		t.Fatalf("the forms have %d and %d bytes", len(first), len(second))
	}
	put("app.wasm", "first!")
	tag := ""
	for _, c := range []struct{ form, encoding string }{{first, "br"}, {second, ""}, {first, "br"}} {
		put("app.wasm.br", c.form)
		resp, _ := testapp.Ask(t, "GET", h.AppURL()+"main/app.wasm", "", "Accept-Encoding", "br", "If-None-Match", tag)
		if resp.StatusCode != 200 || resp.Header.Get("Content-Encoding") != c.encoding {
			t.Errorf("got %s with the encoding %q, want %q", resp.Status, resp.Header.Get("Content-Encoding"), c.encoding)
		}
		tag = resp.Header.Get("ETag")
	}
}

// TestCompressionBomb checks that a form is not read to its end if it decompresses to far more than the file.
func TestCompressionBomb(t *testing.T) {
	dir := t.TempDir()
	testapp.Write(t, dir, "app.wasm.gz", "never read")
	f, err := os.Open(filepath.Join(dir, "app.wasm.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	read := 0
	endless := encoding{"gzip", ".gz", func(io.Reader) (io.Reader, error) {
		return readerFunc(func(p []byte) (int, error) {
			if read += len(p); read > 1<<20 {
				t.Fatal("a megabyte was decompressed for a file of ten bytes")
			}
			return len(p), nil
		}), nil
	}}
	if _, ok, err := (&compressedForms{}).isForm(f, endless, "", 10); ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// TestKnownFormsAreLimited checks that the number of remembered forms is limited.
func TestKnownFormsAreLimited(t *testing.T) {
	dir := t.TempDir()
	testapp.Write(t, dir, "a.gz", gzipOf(t, "a"))
	f, err := os.Open(filepath.Join(dir, "a.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	forms := &compressedForms{}
	for i := range 3 * maxForms {
		if _, _, err := forms.isForm(f, encodings[1], strconv.Itoa(i), 1); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(forms.known); n == 0 || n > maxForms {
		t.Errorf("%d forms are remembered, want 1 to %d", n, maxForms)
	}
}

func TestAccepts(t *testing.T) {
	for _, c := range []struct {
		name  string
		field []string
		want  bool
	}{
		{"no field", nil, false},
		{"empty", []string{""}, false},
		{"alone", []string{"br"}, true},
		{"in a list", []string{"gzip,  br , zstd"}, true},
		{"in a second field", []string{"gzip", "br"}, true},
		{"in capitals", []string{"BR"}, true},
		{"with a weight", []string{"br;q=0.5"}, true},
		{"refused", []string{"br;q=0"}, false},
		{"refused with digits", []string{"br; q=0.000"}, false},
		{"an invalid weight", []string{"br;q=much"}, false},
		{"a part of another name", []string{"brx, xbr"}, false},
		{"everything", []string{"*"}, false}, // browsers list each coding by name
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := accepts(c.field, "br"); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
