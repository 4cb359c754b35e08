package tasks

import (
	"maps"
	"net/http"
	"slices"
	"testing"
)

func TestDownload(t *testing.T) {
	c := newClient(t)
	var added task
	c.want(c.add("k", "a"), 201, &added)
	path := "/tasks/" + added.ID + "/file"
	var missing struct{ Error string }
	c.want(c.do("GET", path, ""), 404, &missing)
	if missing.Error != "This task has no file." {
		t.Errorf("no file: %q", missing.Error)
	}

	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	var changed task
	c.want(c.do("PUT", path, string(every), "X-File-Name", "a%20%22%F0%9F%99%82%22.html", "Content-Type", "text/html; charset=utf-8"), 200, &changed)
	if want := (file{`a "🙂".html`, "text/html; charset=utf-8", 256}); changed.File == nil || *changed.File != want {
		t.Fatalf("file %v; want %v", changed.File, want)
	}
	w := c.do("GET", path, "")
	tag := w.Header().Get("ETag")
	want := http.Header{
		"Content-Type":            {"text/html; charset=utf-8"},
		"Content-Length":          {"256"},
		"Content-Disposition":     {"attachment; filename*=UTF-8''a%20%22%F0%9F%99%82%22.html"},
		"Content-Security-Policy": {"sandbox; default-src 'none'"},
		"X-Content-Type-Options":  {"nosniff"},
		"Cache-Control":           {"private, no-cache"},
		"Vary":                    {"Authorization"},
		"Etag":                    {tag},
	}
	if !maps.EqualFunc(w.Header(), want, slices.Equal) || len(tag) < 18 {
		t.Errorf("header\n%v; want\n%v", w.Header(), want)
	}
	if w.Code != 200 || w.Body.String() != string(every) {
		t.Errorf("%d with %q; want every byte", w.Code, w.Body)
	}
	w = c.do("HEAD", path, "")
	if w.Code != 200 || w.Body.Len() != 0 || !maps.EqualFunc(w.Header(), want, slices.Equal) {
		t.Errorf("HEAD: %d %v with %d bytes; want the same header and none", w.Code, w.Header(), w.Body.Len())
	}

	for _, tt := range []struct {
		name, value string
		status      int
	}{
		{"same", tag, 304}, {"weak", "W/" + tag, 304}, {"any", "*", 304}, {"in a list", `"x", ` + tag + `,"y"`, 304},
		{"other", `"x"`, 200}, {"not quoted", tag[1 : len(tag)-1], 200}, {"empty", "", 200}, {"part", tag[:5] + `"`, 200},
	} {
		w := c.do("GET", path, "", "If-None-Match", tt.value)
		if w.Code != tt.status || (w.Body.Len() == 0) != (tt.status == 304) || w.Header().Get("ETag") != tag {
			t.Errorf("If-None-Match %s: %d with %d bytes; want %d", tt.name, w.Code, w.Body.Len(), tt.status)
		}
	}
	c.want(c.do("PUT", path, string(every[1:]), "X-File-Name", "a.html"), 200, &changed)
	if w := c.do("GET", path, "", "If-None-Match", tag); w.Code != 200 || w.Header().Get("Content-Type") != octetStream {
		t.Errorf("another file: %d, %s; want it, as any bytes", w.Code, w.Header().Get("Content-Type"))
	}

	theirs := c.as("installation-2")
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		theirs.want(theirs.do(method, path, "", "X-File-Name", "a"), 404, nil)
	}
	var without task
	c.want(c.do("DELETE", path, ""), 200, &without)
	if without != added {
		t.Errorf("without its file it is %v; want %v", without, added)
	}
	c.want(c.do("DELETE", path, ""), 404, nil)
}
