//go:build !js

package tunnel

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"github.com/forgego/forgego/devhost/internal/testapp"
	"github.com/forgego/forgego/internal/manifest"
)

const page = "<!doctype html><title>Tasks</title>"

func compressed(t *testing.T, newWriter func(io.Writer) io.WriteCloser) string {
	t.Helper()
	var b bytes.Buffer
	w := newWriter(&b)
	if _, err := io.WriteString(w, page); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPage(t *testing.T) {
	gzipped := compressed(t, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	brotlied := compressed(t, func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) })
	deflated := compressed(t, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
	whole := fmt.Sprintf("policy of %d bytes", len(page))
	const html, none = "text/html", "policy of 0 bytes"
	for _, c := range []struct {
		name, contentType, encoding, body string
		status                            int
		method                            string

		wantStatus int
		wantBody   string
		policy     string
	}{
		{"page", html, "", page, 200, "GET", 200, "<bridge>" + page, whole},
		{"charset", "Text/HTML; charset=utf-8", "", page, 200, "GET", 200, "<bridge>" + page, whole},
		{"XHTML", "application/xhtml+xml", "", page, 200, "GET", 200, "<bridge>" + page, whole},
		{"answer to a form", html, "", page, 200, "POST", 200, "<bridge>" + page, whole},
		{"error page", html, "", page, 500, "GET", 500, "<bridge>" + page, whole},
		{"empty page", html, "", "", 200, "GET", 200, "<bridge>", none},
		{"gzip", html, "gzip", gzipped, 200, "GET", 200, "<bridge>" + page, whole},
		{"brotli", html, "br", brotlied, 200, "GET", 200, "<bridge>" + page, whole},
		{"empty gzip", html, "gzip", "", 200, "GET", 200, "<bridge>", none},
		{"header of a page", html, "", page, 200, "HEAD", 200, "", none},
		{"header of gzip", html, "gzip", gzipped, 200, "HEAD", 200, "", none},
		{"no content", html, "", "", 204, "GET", 204, "", none},
		{"part of a page", html, "", page[:9], 206, "GET", 206, page[:9], none},
		{"script", "text/javascript", "", "1", 200, "GET", 200, "1", none},
		{"no type", "", "", page, 200, "GET", 200, page, none},
		{"gzip of a script", "text/javascript", "gzip", gzipped, 200, "GET", 200, gzipped, none},

		{"unknown compression", html, "deflate", deflated, 200, "GET", 502, `compression "deflate"`, ""},
		{"damaged gzip", html, "gzip", "no gzip at all", 200, "GET", 502, "cannot be read", ""},
		{"gzip that ends early", html, "gzip", gzipped[:len(gzipped)-9], 200, "GET", 502, "cannot be read", ""},
		{"page that is too large", html, "", strings.Repeat("a", manifest.MaxPage+1), 200, "GET", 502, "16 MB", ""},
		{"largest page", html, "", strings.Repeat("a", manifest.MaxPage), 200, "GET", 200, "<bridge>aaa", fmt.Sprintf("policy of %d bytes", manifest.MaxPage)},
	} {
		t.Run(c.name, func(t *testing.T) {
			address := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header()["Content-Type"] = []string{c.contentType}
				for name, value := range map[string]string{
					"ETag": `"1"`, "Content-Security-Policy": "default-src *", "Cross-Origin-Resource-Policy": "cross-origin", "Content-Encoding": c.encoding,
				} {
					if value != "" {
						w.Header().Set(name, value)
					}
				}
				w.WriteHeader(c.status)
				io.WriteString(w, c.body)
			})
			resp, body := testapp.Ask(t, c.method, address, "", "Accept-Encoding", "gzip, br")
			isWhole := c.wantStatus == 502 || len(c.body) == manifest.MaxPage
			if resp.StatusCode != c.wantStatus || !isWhole && body != c.wantBody || !strings.Contains(body, c.wantBody) {
				t.Errorf("got %s %.100q, want %d %.100q", resp.Status, body, c.wantStatus, c.wantBody)
			}
			if got := resp.Header.Values("Content-Security-Policy"); strings.Join(got, ",") != c.policy {
				t.Errorf("the policy is %q, want %q", got, c.policy)
			}
			if got := resp.Header.Get("Cross-Origin-Resource-Policy"); got != "" {
				t.Errorf("Cross-Origin-Resource-Policy is %q", got)
			}
			isPage := strings.Contains(strings.ToLower(c.contentType), "html") && c.status != 206
			if tag := resp.Header.Get("ETag"); isPage == (tag != "") {
				t.Errorf("the entity tag is %q", tag)
			}
			if isPage && (resp.Header.Get("Cache-Control") != "no-store" || resp.Header.Get("Content-Encoding") != "") {
				t.Errorf("the header is %v", resp.Header)
			}
		})
	}
}

// TestChunkedPage is about servers that send a page in parts, while they make it.
func TestChunkedPage(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		for part := range strings.SplitAfterSeq(page, ">") {
			io.WriteString(w, part)
			http.NewResponseController(w).Flush()
		}
	})
	resp, body := testapp.Ask(t, "GET", address, "")
	if body != "<bridge>"+page || resp.ContentLength != int64(len(body)) || len(resp.TransferEncoding) > 0 {
		t.Errorf("got %q with the length %d", body, resp.ContentLength)
	}
}

// TestNotModifiedPage is about servers that repeat the content type in such an answer, as Go's does not.
func TestNotModifiedPage(t *testing.T) {
	res := &http.Response{
		StatusCode: http.StatusNotModified, Header: http.Header{"Content-Type": {"text/html"}}, Body: http.NoBody, Request: httptest.NewRequest("GET", "/", nil),
	}
	p := Page{Policy: func([]byte) string { return "policy" }, Inject: func([]byte) []byte { return []byte("a body") }}
	if err := p.change(res); err != nil || res.Body != http.NoBody || res.Header.Get("Content-Security-Policy") != "policy" {
		t.Errorf("got %+v (%v), want no body", res, err)
	}
}

// TestEndlessPage checks that the host stops to read.
func TestEndlessPage(t *testing.T) {
	ended := make(chan struct{})
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		w.Header().Set("Content-Type", "text/html")
		for part := bytes.Repeat([]byte("a"), 1<<16); ; {
			if _, err := w.Write(part); err != nil {
				return
			}
		}
	})
	if resp, body := testapp.Ask(t, "GET", address, ""); resp.StatusCode != http.StatusBadGateway || !strings.Contains(body, "16 MB") {
		t.Errorf("got %s %.100q", resp.Status, body)
	}
	<-ended
}
