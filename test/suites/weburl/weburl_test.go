// Package weburl compares internal/weburl with the public test suite of the URL Standard and with Chromium's own URL.
//
// Run it from the folder test/:
//
//	go test ./suites/weburl
package weburl

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	// Its module contains the suite. go.mod keeps the module only if a package imports it.
	_ "github.com/nlnwa/whatwg-url/url"

	"github.com/forgego/forgego/internal/platform"
	"github.com/forgego/forgego/internal/weburl"
	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
)

// suiteCase is a case of urltestdata.json, with the members that the tests use.
type suiteCase struct {
	Input    string  `json:"input"`
	Base     *string `json:"base"`
	Failure  bool    `json:"failure"`
	Protocol string  `json:"protocol"`
	Username string  `json:"username"`
	Password string  `json:"password"`
	Host     string  `json:"host"`
	Pathname string  `json:"pathname"`
	Search   string  `json:"search"`
}

// suite reads the suite from the module that contains it.
func suite(t *testing.T) []suiteCase {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/nlnwa/whatwg-url").Output()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(out)), "testdata", "urltestdata.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	var cases []suiteCase
	for _, raw := range all {
		var c suiteCase
		if raw[0] == '"' {
			continue // a comment
		}
		if err := json.Unmarshal(raw, &c); err != nil {
			t.Fatal(err)
		}
		cases = append(cases, c)
	}
	if len(cases) < 800 {
		t.Fatalf("the suite has %d cases; it had more than 800", len(cases))
	}
	return cases
}

// TestStandardsSuite compares all cases of the suite whose base and result are http or https.
func TestStandardsSuite(t *testing.T) {
	read, refused := 0, 0
	for _, c := range suite(t) {
		var got weburl.URL
		var err error
		if c.Base == nil || *c.Base == "about:blank" {
			got, err = weburl.Parse(c.Input)
		} else {
			base, baseErr := weburl.Parse(*c.Base)
			if baseErr != nil {
				continue
			}
			got, err = base.Parse(c.Input)
		}
		name := fmt.Sprintf("%q at %s", c.Input, text(c.Base))
		web := c.Protocol == "http:" || c.Protocol == "https:"
		switch {
		case c.Failure && err == nil && !strings.Contains(got.Host, "xn--"): // weburl does not check the letters of such a name
			t.Errorf("%s is read as %s; the standard refuses it", name, got)
		case c.Failure:
		case !web && err == nil:
			t.Errorf("%s is read as %s; the standard reads %s", name, got, c.Protocol)
		case !web:
		case err != nil:
			refused++
			escapedHost := err == weburl.ErrHost && strings.ContainsFunc(c.Input, func(r rune) bool { return r == '%' || r > 0x7F })
			// In the standard, "@" with no name before it means no user. weburl refuses such a URL.
			user := err == weburl.ErrUser && (c.Username != "" || c.Password != "" || strings.Contains(c.Input, "@"))
			if !escapedHost && !user {
				t.Errorf("%s: %v; the standard reads %s//%s%s%s", name, err, c.Protocol, c.Host, c.Pathname, c.Search)
			}
		default:
			read++
			// The standard escapes "^" in a path since November 2024; the suite is older.
			want := c.Protocol + "//" + c.Host + strings.ReplaceAll(c.Pathname, "^", "%5E") + c.Search
			if strings.TrimSuffix(got.String(), "?") != want {
				t.Errorf("%s\n got %s\nwant %s", name, got, want)
			}
		}
	}
	t.Logf("%d URLs read as the standard reads them, %d refused for their user or host", read, refused)
	if read < 170 {
		t.Errorf("only %d URLs of the suite were compared", read)
	}
}

func text(s *string) string {
	if s == nil {
		return "no base"
	}
	return *s
}

// inBrowser is the result of a browser for a pair. A field is empty if the browser refuses the URL.
type inBrowser struct{ Base, Appended, Resolved string }

const script = `pairs => pairs.map(([base, path]) => {
  const read = (...of) => {
    if (!URL.canParse(...of)) return '';
    const url = new URL(...of);
    url.hash = '';
    return url.username || url.password || !/^https?:$/.test(url.protocol) ? '' : url.href;
  };
  return { Base: read(base), Appended: read(base + path), Resolved: read(path, base) };
})`

func browse(t *testing.T, page *browser.Page, pairs [][2]string) []inBrowser {
	t.Helper()
	data, err := json.Marshal(pairs)
	if err != nil {
		t.Fatal(err)
	}
	var seen []inBrowser
	page.Eval("("+script+")("+string(data)+")", &seen)
	if len(seen) != len(pairs) {
		t.Fatalf("%d answers to %d pairs", len(seen), len(pairs))
	}
	return seen
}

// pairs returns bases and paths: the ones in bug reports, the inputs of the suite, and paths that are composed of the parts
// of URLs.
func pairs(t *testing.T) [][2]string {
	t.Helper()
	bases := []string{
		"https://r.example", "https://r.example/", "https://r.example/api", "https://r.example/api/v1/", "http://127.0.0.1:8787/a%2Fb",
		"http://[::1]:80", "HTTPS://R.Example:443/A/../b", "https://r.example/ü^|", "http://0x7f.1/x", "https://[1:0::0:ABCD:1.2.3.4]/",
	}
	paths := []string{
		`/files/..%2F..%2Fadmin/ü`, "/files/a%2Fb c", "/files/a%2Fb|c", "/files/a%2Fb^c", `/files/a%2Fb"c`, "/search/100%", "/a/..//b",
		"///evil.example/x", `/\evil.example/x`, "/../admin", "/%2e%2e/admin", "/..;/admin", "/a/.", "/a/..", "/.", "/..", "?q=ü\"<>'", "#x",
		"/a?b#c?d", "/%", "/%zz", "/\xff", "/\u2028\ufffd\U0001F600", "/a\tb\r\nc", " /a ", "@x", ":1/", ":@x/", ".x/", "0", "//", "/a//../b",
	}
	for _, c := range suite(t) {
		paths = append(paths, c.Input)
	}
	parts := []string{
		"/", "/", "//", `\`, ".", "..", "%2e", "%2E", "%2F", "%5C", "a", "B", "ü", "世", "\U0001F600", " ", "|", "^", `"`, "<", ">", "`", "{", "}",
		"%", "%f", "?", "#", "@", ":", ";", "'", "\t", "\n", "\x00", "\x7f", "\u0085", "https:", "http://", "80", "&", "=", "+", "~", "[", "]", "*",
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 4000 {
		path := "/"
		if random.IntN(4) == 0 {
			path = ""
		}
		for range 1 + random.IntN(8) {
			path += parts[random.IntN(len(parts))]
		}
		paths = append(paths, path)
	}
	var pairs [][2]string
	for i, path := range paths {
		if i < 50 {
			for _, base := range bases {
				pairs = append(pairs, [2]string{base, path})
			}
			continue
		}
		for range 3 {
			pairs = append(pairs, [2]string{bases[random.IntN(len(bases))], path})
		}
	}
	return pairs
}

// TestJoiningIsThatOfChromium compares both ways to join with Chromium.
func TestJoiningIsThatOfChromium(t *testing.T) {
	pairs := pairs(t)
	page := browser.New(t).Open(t, "about:blank")
	appended, resolved := 0, 0
	for i, seen := range browse(t, page, pairs) {
		base, path := pairs[i][0], pairs[i][1]
		name := fmt.Sprintf("%q and %q", base, path)
		b, err := weburl.ParseBase(base)
		if err != nil || inChromium(b) != seen.Base {
			t.Fatalf("base %s: %s, %v; Chromium reads %s", base, b, err, seen.Base)
		}
		got, err := weburl.Append(base, path)
		route, _, _ := strings.Cut(seen.Appended, "?")
		below := route == seen.Base || strings.HasPrefix(route, strings.TrimSuffix(seen.Base, "/")+"/")
		switch {
		case err == nil && (!below || inChromium(got) != seen.Appended):
			t.Errorf("Append of %s\n     got %s\nChromium %s", name, got, seen.Appended)
		case err != nil && below:
			t.Errorf("Append of %s is refused: %v\nChromium %s", name, err, seen.Appended)
		case err == nil:
			appended++
		}
		got, err = weburl.Resolve(base, path)
		switch {
		case err == nil && inChromium(got) != seen.Resolved:
			t.Errorf("Resolve of %s\n     got %s\nChromium %s", name, got, seen.Resolved)
		case err != nil && err != weburl.ErrWhole:
			t.Errorf("Resolve of %s is refused: %v\nChromium %s", name, err, seen.Resolved)
		case err == nil:
			resolved++
			if !strings.HasPrefix(seen.Resolved, b.Origin()+"/") {
				t.Errorf("Resolve of %s leads to %s", name, seen.Resolved)
			}
		}
	}
	t.Logf("of %d pairs: %d appended and %d resolved as Chromium does, the others refused", len(pairs), appended, resolved)
	if appended < 5000 || resolved < 5000 {
		t.Error("too few pairs were compared")
	}
}

// TestProductPageJoinsAsGoDoes checks that the product page of the local host, which joins paths itself, builds the same
// URLs and refuses the same paths.
func TestProductPageJoinsAsGoDoes(t *testing.T) {
	host := apphost.Serve(t, filepath.Join("..", "host", "testdata", "ui"))
	pairs := pairs(t)
	data, err := json.Marshal(pairs)
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	page := browser.New(t).Open(t, host.URL())
	page.Eval(apphost.ProductScript(t, "requestremote.js", "requestremote"), nil)
	page.Eval(string(data)+`.map(([base, path]) => {
		try { return requestremote.remoteURL(base, path); } catch (error) { return 'refused: ' + error.message; }
	})`, &seen)
	if len(seen) != len(pairs) {
		t.Fatalf("%d answers to %d pairs", len(seen), len(pairs))
	}
	refused := 0
	for i, pair := range pairs {
		u, err := platform.Append(pair[0], pair[1])
		if err == nil {
			if got, _, _ := strings.Cut(seen[i], "#"); got != inChromium(u) {
				t.Errorf("%q and %q: the page returns %s, Go %s", pair[0], pair[1], seen[i], u)
			}
			continue
		}
		refused++
		// The two texts quote the path differently. The rest is the same.
		_, want, _ := strings.Cut(err.Error(), " does not lead to ")
		got, found := strings.CutPrefix(seen[i], "refused: The path ")
		if !found || !strings.HasSuffix(strings.ReplaceAll(got, "%7C", "|"), want) {
			t.Errorf("%q and %q: the page returns %s, Go %v", pair[0], pair[1], seen[i], err)
		}
	}
	t.Logf("%d pairs, %d refused by both", len(pairs), refused)
	if refused < 500 {
		t.Error("too few paths were refused")
	}
}

// inChromium returns a URL as Chromium 156 writes it: it escapes "|" in a path, which the standard and Node do not.
func inChromium(u weburl.URL) string {
	u.Path = strings.ReplaceAll(u.Path, "|", "%7C")
	return u.String()
}
