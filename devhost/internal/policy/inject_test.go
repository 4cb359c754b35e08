package policy

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestInjectBridge(t *testing.T) {
	for _, c := range []struct{ name, page, want string }{
		{"head", "<!doctype html><html><head><title>x</title></head>", "<!doctype html><html><head>@<title>x</title></head>"},
		{"upper case with attributes", "<HTML><HEAD profile='a>b'>\n<meta>", "<HTML><HEAD profile='a>b'>@\n<meta>"},
		{"head in a comment", "<!-- <head> --><html><head><b>", "<!-- <head> --><html><head>@<b>"},
		{"short comment", "<!--><head><b>", "<!--><head>@<b>"},
		{"no head", "<!doctype html><html lang=en><title>x</title>", "<!doctype html><html lang=en>@<title>x</title>"},
		{"no head nor html", "<!DOCTYPE html>\n<title>x</title>", "<!DOCTYPE html>\n@<title>x</title>"},
		{"comment before the doctype", "<!-- <!doctype> -->\n<!doctype html><p>", "<!-- <!doctype> -->\n<!doctype html>@<p>"},
		{"header element", "<header>x</header>", "@<header>x</header>"},
		{"head after the head", "<script>a</script><head>", "@<script>a</script><head>"},
		{"head in a script", `<script>"<head>"</script>`, `@<script>"<head>"</script>`},
		{"only text", "hello", "@hello"},
		{"empty", "", "@"},
		{"byte order mark", "\xef\xbb\xbf<p>", "\xef\xbb\xbf@<p>"},
		{"byte order mark and doctype", "\xef\xbb\xbf<!doctype html><head>", "\xef\xbb\xbf<!doctype html><head>@"},
		{"cut off", "<html><head", "<html>@<head"},
		{"comment that ends oddly", "<!-- x --!><!doctype html><p>", "<!-- x --!><!doctype html>@<p>"},
		{"html after the text", "<!DOCTYPE html>X</body><html id=x>", "<!DOCTYPE html>@X</body><html id=x>"},
		{"escaped space before the doctype", "&#32;&Tab;<!doctype html><p>", "&#32;&Tab;<!doctype html>@<p>"},
		{"end tag that begins a head", "<!doctype html></head><head>", "<!doctype html>@</head><head>"},
		{"end tag that is ignored", "<!doctype html></p></><?x></ x><head>", "<!doctype html></p></><?x></ x><head>@"},
		{"second doctype", "<!doctype html><!doctype><head>", "<!doctype html><!doctype><head>@"},
		{"html twice", "<html><html a><head/>b", "<html><html a><head/>@b"},
		{"NUL", "<!doctype html>\x00<head>", "<!doctype html>@\x00<head>"},
		{"unfinished doctype", "<!doctype html", "@<!doctype html"},
		{"unfinished comment after the doctype", "<!doctype html><!-- <head>--", "<!doctype html>@<!-- <head>--"},
		{"unfinished comment", "<!-- <head>", "@<!-- <head>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			const script = `<script src="/_bridge/bridge.js" data-host="http://127.0.0.1:4000"></script>`
			got := string(InjectBridge([]byte(c.page), "/_bridge/bridge.js", "http://127.0.0.1:4000"))
			if want := strings.Replace(c.want, "@", script, 1); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

// FuzzPage checks that any bytes can be read, and that the bridge is inserted between two parts of the page.
func FuzzPage(f *testing.F) {
	for _, page := range []string{
		"<!doctype html><html><head><script>a</script>", "<a b='", "<!--", "</", "<script>", "<x =", "<title></TITLE >", "<!-- x --!><!doctype html>",
		"<!DOCTYPE html>X</body><html id=x>", "&#32;<!doctype html>", "\xef\xbb\xbf<p>", "<!doctype", "</><head>",
	} {
		f.Add([]byte(page))
	}
	f.Fuzz(func(t *testing.T, page []byte) {
		inspect(page)
		at := headStart(page)
		got := string(InjectBridge(page, "/_bridge/bridge.js", "http://127.0.0.1:1"))
		if !strings.HasPrefix(got, string(page[:at])+"<script src=") || !strings.HasSuffix(got, "</script>"+string(page[at:])) {
			t.Fatalf("got %q", got)
		}
		// In a browser, the script must be the first element of the head.
		root, err := html.Parse(strings.NewReader(strings.TrimPrefix(got, "\xef\xbb\xbf")))
		if err != nil {
			return // too deep for that parser
		}
		for n := range root.Descendants() {
			switch {
			case n.Type != html.ElementNode || n.Data == "html" || n.Data == "head":
			case n.Data == "script" && n.Parent.Data == "head":
				return
			default:
				t.Fatalf("%q: the script comes after <%s>", got, n.Data)
			}
		}
		t.Fatalf("%q: the parsed page has no script element", got)
	})
}
