package lifecycle

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
)

// newLab serves what the features need and returns its address.
func newLab(t *testing.T) (address string) {
	t.Helper()
	module := []byte("\x00asm\x01\x00\x00\x00")
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(bytes.Repeat([]byte("forgego"), 1000)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	file := func(path, contentType string, body []byte, policy string) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			if policy != "" {
				w.Header().Set("Content-Security-Policy", policy)
			}
			_, _ = w.Write(body)
		})
	}
	const html, head = "text/html; charset=utf-8", `<!doctype html><title>Lab</title><link rel=icon href=data:,>`
	file("/{$}", html, []byte(head+`<p>lab <input> <a download="a.txt">get</a><script>
		document.querySelector("a").href = URL.createObjectURL(new Blob(["a"]));
		addEventListener("message", (event) => event.source.postMessage(String(eval(event.data)), "*"));
	</script>`), "")
	file("/strict", html, []byte(head), "script-src 'self' 'unsafe-inline'")
	file("/charset.wasm", "application/wasm; charset=utf-8", module, "")
	file("/cut.gz", "application/octet-stream", packed.Bytes()[:packed.Len()/2], "")
	mux.HandleFunc("GET /open", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		_, _ = io.WriteString(w, "is answered")
	})
	mux.HandleFunc("GET /header", func(w http.ResponseWriter, r *http.Request) {
		encoding := map[string]string{"\xFC": "is sent in Latin-1", "\xC3\xBC": "is sent in UTF-8"}[r.Header.Get("X-A")]
		_, _ = io.WriteString(w, encoding)
	})
	mux.HandleFunc("GET /stream", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "a")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	t.Cleanup(server.CloseClientConnections)
	return server.URL + "/"
}

// inAnotherSite opens a page of another site that has the lab in a frame.
func inAnotherSite(t *testing.T, lab string) *browser.Page {
	t.Helper()
	outer := httptest.NewServer(onePage(`<title>Outer</title><iframe src="` + lab + `" width=400 height=200 onload="globalThis.isLoaded = true"></iframe>`))
	t.Cleanup(outer.Close)
	page := shared.Open(t, strings.Replace(outer.URL, "127.0.0.1", "localhost", 1)) // another name is another site
	page.Wait("the frame", `globalThis.isLoaded`)
	return page
}

// inFrame evaluates an expression in the frame of inAnotherSite and returns its value as a string. The driver of Chromium does not
// reach a frame of another site.
func inFrame(page *browser.Page, expression string) string {
	return page.String(fmt.Sprintf(`new Promise((resolve) => {
		addEventListener("message", (event) => resolve(event.data), { once: true });
		document.querySelector("iframe").contentWindow.postMessage(%q, "*");
	})`, expression))
}
