package host

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/forgego/forgego/test/harness/apphost"
)

// mark is an inline script of the app. It records whether the bridge existed before the script ran.
const mark = `<script>(self.ran = self.ran || []).push(typeof self.__bridge)</script>`

// oddPages are documents that are hard to parse. All of their scripts run on the local host, except if blocked is true.
var oddPages = []struct {
	name, page string
	// scripts is the number of inline scripts that a browser runs.
	scripts int
	blocked bool
}{
	{"plain", "<!doctype html><html><head>" + mark + "</head><body>x</body></html>", 1, false},
	{"no doctype", "<html><head>" + mark, 1, false},
	{"old doctype", `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd"><p>` + mark, 1, false},
	{"quirks doctype", `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2//EN"><p>` + mark, 1, false},
	{"comment that ends with an exclamation mark", "<!-- x --!><!doctype html><head>" + mark, 1, false},
	{"short comments", "<!--><!---><!doctype html><!-- <head> --><head>" + mark, 1, false},
	{"processing instruction", `<?xml version="1.0"?><!doctype html><html><head>` + mark, 1, false},
	{"html behind the body", "<!DOCTYPE html>X</body><html id=x>" + mark, 1, false},
	{"text only, then a head", "<!doctype html>text<head>" + mark + "</head>", 1, false},
	{"escaped spaces before the doctype", "&#32;&Tab;&#10;<!doctype html>" + mark, 1, false},
	{"escaped text before the doctype", "&#120;<!doctype html>" + mark, 1, false},
	{"byte order mark", "\ufeff<!doctype html>\n<head>" + mark, 1, false},
	{"end tags first", "</p></div></><!doctype html></span><head>" + mark, 1, false},
	{"end of the head first", "<!doctype html></head>" + mark + "<p>", 1, false},
	{"end of the body first", "<!doctype html></body>" + mark, 1, false},
	{"a line break by end tag", "<!doctype html></br>" + mark, 1, false},
	{"two doctypes", "<!doctype html><!DOCTYPE html SYSTEM 'x'><head>" + mark, 1, false},
	{"doctype without a space", "<!doctypehtml><head>" + mark, 1, false},
	{"unfinished doctype", "<!doctype html", 0, false},
	{"unfinished comment", mark + "<!-- x", 1, false},
	{"only a comment", "<!doctype html><!-- x", 0, false},
	{"head in an attribute", `<html x="<head>" y='>'><head>` + mark, 1, false},
	{"head with a slash", "<!doctype html><head/>" + mark, 1, false},
	{"two heads", "<!doctype html><head>" + mark + "<head><body>", 1, false},
	{"a header", "<!doctype html><header>x</header>" + mark, 1, false},
	{"frames", "<!doctype html><head>" + mark + "</head><frameset><frame></frameset>", 1, false},
	{"capitals", "<!DOCTYPE HTML><HTML><HEAD>" + `<SCRIPT>(self.ran = self.ran || []).push(typeof self.__bridge)</SCRIPT >`, 1, false},
	{"script in a title", "<!doctype html><title>" + mark + "</title>" + mark, 1, false},
	{"script in a text area", "<!doctype html><textarea></title>" + mark + "</textarea>" + mark, 1, false},
	{"script in a comment", "<!doctype html><!-- " + mark + " --!>" + mark, 1, false},
	{"script without JavaScript", "<!doctype html><noscript>" + mark + "</noscript>" + mark, 1, false},
	{"script in a script", "<!doctype html><script>'<script>'; (self.ran = self.ran || []).push(typeof self.__bridge)</script>", 1, false},
	{"escaped script in a script", "<!doctype html><script>/* <!-- <script> </script> --> */ (self.ran = self.ran || []).push(typeof self.__bridge)</script>", 1, false},
	{"script with an odd end", "<!doctype html><script>(self.ran = self.ran || []).push(typeof self.__bridge)</script x='>'>" + mark, 2, false},
	{"script with entities", "<!doctype html><script>0 &amp 1; (self.ran = self.ran || []).push(typeof self.__bridge)</script>", 0, false},
	{"script in a table", "<!doctype html><table>" + mark + "<tr><td>" + mark, 2, false},
	{"script in a picture", "<!doctype html><svg>" + mark + "</svg>", 1, false},
	// A browser hashes the script with line feeds, as it parsed it. Atlassian's package hashes the file.
	{"script with line ends of Windows", "<!doctype html><script>\r\n(self.ran = self.ran || []).push(typeof self.__bridge)\r\n</script>", 1, true},
}

// document describes a page as a browser has parsed it, without the bridge's script, comments and spaces.
const document = `(() => {
  const { compatMode } = document;
  const bridge = document.querySelector('script[data-host]');
  const seen = { Mode: compatMode, Ran: self.ran || [], BridgeFirst: !!bridge && bridge === document.head.firstElementChild && bridge === document.scripts[0], Text: '' };
  bridge?.remove();
  const all = document.createTreeWalker(document, NodeFilter.SHOW_COMMENT);
  const comments = [];
  while (all.nextNode()) comments.push(all.currentNode);
  for (const comment of comments) comment.remove();
  seen.Text = document.documentElement.outerHTML.replace(/\s+/g, '');
  return JSON.stringify(seen);
})()`

type documentSeen struct {
	Mode, Text  string
	Ran         []string
	BridgeFirst bool
}

// TestBridgeRunsFirstInOddPages checks that the bridge's script runs first in any document. The browser must parse the rest
// as it would without that script: in the same mode and with the same elements. The policy must allow the scripts of the
// page.
func TestBridgeRunsFirstInOddPages(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "ui"))); err != nil {
		t.Fatal(err)
	}
	for i, odd := range oddPages {
		if err := os.WriteFile(filepath.Join(dir, "static", fmt.Sprintf("odd%d.html", i)), []byte(odd.page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	host := apphost.Serve(t, dir)
	raw := httptest.NewServer(http.FileServer(http.Dir(filepath.Join(dir, "static"))))
	defer raw.Close()
	page := chromium.Open(t, "")
	see := func(address string) (seen documentSeen) {
		t.Helper()
		page.Goto(address)
		if err := json.Unmarshal([]byte(page.String(document)), &seen); err != nil {
			t.Fatal(err)
		}
		return seen
	}
	for i, odd := range oddPages {
		t.Run(odd.name, func(t *testing.T) {
			file := fmt.Sprintf("/odd%d.html", i)
			plain, served := see(raw.URL+file), see(host.AppURL()+"main"+file)
			if !served.BridgeFirst {
				t.Error("the bridge is not the first script of the head")
			}
			if served.Mode != plain.Mode {
				t.Errorf("the mode is %s, without the bridge %s", served.Mode, plain.Mode)
			}
			if served.Text != plain.Text {
				t.Errorf("the document is\n%s\nwithout the bridge\n%s", served.Text, plain.Text)
			}
			if len(plain.Ran) != odd.scripts {
				t.Errorf("Chromium runs %d scripts, the table says %d", len(plain.Ran), odd.scripts)
			}
			want := odd.scripts
			if odd.blocked {
				want = 0
			}
			if len(served.Ran) != want {
				t.Errorf("%d scripts ran, want %d", len(served.Ran), want)
			}
			for _, bridge := range served.Ran {
				if bridge != "object" {
					t.Errorf("a script ran before the bridge, which was %s", bridge)
				}
			}
		})
	}
}
