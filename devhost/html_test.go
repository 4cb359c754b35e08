package devhost

import (
	"strings"
	"testing"
)

func TestInjectBridge(t *testing.T) {
	for _, c := range []struct{ name, page, want string }{
		{"head", "<!doctype html><html><head><title>x</title></head>", "<!doctype html><html><head>@<title>x</title></head>"},
		{"upper case with attributes", "<HTML><HEAD profile='a>b'>\n<meta>", "<HTML><HEAD profile='a>b'>@\n<meta>"},
		{"head in a comment", "<!-- <head> --><html><head><b>", "<!-- <head> --><html><head>@<b>"},
		{"short comment", "<!--><head><b>", "<!--><head>@<b>"},
		{"no head", "<!doctype html><html lang=en><title>x</title>", "<!doctype html><html lang=en>@<title>x</title>"},
		{"no head nor html", "<!DOCTYPE html>\n<title>x</title>", "<!DOCTYPE html>@\n<title>x</title>"},
		{"comment before the doctype", "<!-- <!doctype> -->\n<!doctype html><p>", "<!-- <!doctype> -->\n<!doctype html>@<p>"},
		{"header is no head", "<header>x</header>", "@<header>x</header>"},
		{"head after the head", "<script>a</script><head>", "@<script>a</script><head>"},
		{"head in a script", `<script>"<head>"</script>`, `@<script>"<head>"</script>`},
		{"only text", "hello", "@hello"},
		{"empty", "", "@"},
		{"byte order mark", "\xef\xbb\xbf<p>", "\xef\xbb\xbf@<p>"},
		{"byte order mark and doctype", "\xef\xbb\xbf<!doctype html><head>", "\xef\xbb\xbf<!doctype html><head>@"},
		{"cut off", "<html><head", "<html>@<head"},
		{"unfinished comment", "<!-- <head>", "@<!-- <head>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			const script = `<script src="/_bridge/bridge.js" data-host="http://127.0.0.1:4000"></script>`
			got := string(injectBridge([]byte(c.page), "http://127.0.0.1:4000"))
			if want := strings.Replace(c.want, "@", script, 1); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func TestAttribute(t *testing.T) {
	const page = `<x a = "1 > 2" B='it"s' c=d/e f g="" =h="i" src/>`
	for tag := range startTags([]byte(page)) {
		for name, want := range map[string]string{"a": "1 > 2", "b": `it"s`, "c": "d/e", "f": "", "g": "", "=h": "i", "src": ""} {
			if got, ok := tag.attribute(name); !ok || got != want {
				t.Errorf("%s is %q, %v; want %q", name, got, ok, want)
			}
		}
		if _, ok := tag.attribute("h"); ok {
			t.Error("there is no h")
		}
		if tag.end != len(page) {
			t.Errorf("it ends at %d of %d", tag.end, len(page))
		}
	}
}

// Any bytes can be read, the tags come in order, and the bridge is put between two parts of the page.
func FuzzPage(f *testing.F) {
	for _, page := range []string{"<!doctype html><html><head><script>a</script>", "<a b='", "<!--", "</", "<script>", "<x =", "<title></TITLE >"} {
		f.Add([]byte(page))
	}
	f.Fuzz(func(t *testing.T, page []byte) {
		last := 0
		for tag := range startTags(page) {
			if tag.end <= last || tag.end+len(tag.text) > len(page) {
				t.Fatalf("a tag that ends at %d follows one at %d", tag.end, last)
			}
			last = tag.end
			tag.attribute("src")
		}
		inspect(page)
		at := headStart(page)
		got := string(injectBridge(page, "http://127.0.0.1:1"))
		if !strings.HasPrefix(got, string(page[:at])+"<script src=") || !strings.HasSuffix(got, "</script>"+string(page[at:])) {
			t.Fatalf("got %q", got)
		}
	})
}
