package devhost

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"testing"

	"github.com/andybalholm/brotli"
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
		br, gz   string // the files beside the program; "" for none
		accept   string
		encoding string
	}{
		{"both", brotliOf(t, program), gzipOf(t, program), browser, "br"},
		{"gzip only", "", gzipOf(t, program), browser, "gzip"},
		{"the browser takes gzip only", brotliOf(t, program), gzipOf(t, program), "gzip", "gzip"},
		{"the browser takes none", brotliOf(t, program), gzipOf(t, program), "identity", ""},
		{"the browser refuses", brotliOf(t, program), gzipOf(t, program), "br;q=0, gzip; q=0.0", ""},
		{"none", "", "", browser, ""},
		{"an old brotli", brotliOf(t, "the old one"), gzipOf(t, program), browser, "gzip"},
		{"two old ones", brotliOf(t, "the old one"), gzipOf(t, "an older one"), browser, ""},
		{"a brotli of a part", brotliOf(t, "the"), "", browser, ""},
		{"half a brotli", brotliOf(t, program)[:5], "", browser, ""},
		{"no brotli at all", program, program, browser, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := testManifest(t)
			writeFile(t, m.Dir, "static/main/app.wasm", program)
			if c.br != "" {
				writeFile(t, m.Dir, "static/main/app.wasm.br", c.br)
			}
			if c.gz != "" {
				writeFile(t, m.Dir, "static/main/app.wasm.gz", c.gz)
			}
			h := startHost(t, m, Options{})
			url := h.AppURL() + "main/app.wasm"
			resp, text := ask(t, "GET", url, "", "Accept-Encoding", c.accept)
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
			warm, _ := ask(t, "GET", url, "", "Accept-Encoding", c.accept, "If-None-Match", header.Get("ETag"))
			if warm.StatusCode != http.StatusNotModified {
				t.Errorf("a warm load gets %s", warm.Status)
			}
			other, _ := ask(t, "GET", url, "", "Accept-Encoding", "identity", "If-None-Match", header.Get("ETag"))
			if want := map[bool]int{true: http.StatusOK, false: http.StatusNotModified}[c.encoding != ""]; other.StatusCode != want {
				t.Errorf("a browser that has the encoded file and takes no encoding gets %s", other.Status)
			}
			if part, text := ask(t, "GET", url, "", "Accept-Encoding", c.accept, "Range", "bytes=4-6"); part.StatusCode != http.StatusPartialContent || text != "pro" {
				t.Errorf("a range gets %s, %q", part.Status, text)
			}
		})
	}
}

// TestResourceCompressedAfterBuild: a program that was replaced, with the time of the old one, is not served in the old
// one's compressed form.
func TestResourceCompressedAfterBuild(t *testing.T) {
	m := testManifest(t)
	writeFile(t, m.Dir, "static/main/app.wasm", "first!")
	writeFile(t, m.Dir, "static/main/app.wasm.br", brotliOf(t, "first!"))
	h := startHost(t, m, Options{})
	url := h.AppURL() + "main/app.wasm"
	before, _ := ask(t, "GET", url, "", "Accept-Encoding", "br")
	if before.Header.Get("Content-Encoding") != "br" {
		t.Fatal("the compressed file is not served")
	}
	writeFile(t, m.Dir, "static/main/app.wasm", "second")
	after, text := ask(t, "GET", url, "", "Accept-Encoding", "br", "If-None-Match", before.Header.Get("ETag"))
	if after.Header.Get("Content-Encoding") != "" || text != "second" {
		t.Errorf("got %s, %q", after.Status, text)
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
		{"weighed", []string{"br;q=0.5"}, true},
		{"refused", []string{"br;q=0"}, false},
		{"refused with digits", []string{"br; q=0.000"}, false},
		{"a weight that is none", []string{"br;q=much"}, false},
		{"a part of another name", []string{"brx, xbr"}, false},
		{"everything", []string{"*"}, false}, // browsers name what they take
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := accepts(c.field, "br"); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
