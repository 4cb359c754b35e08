package tasks

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// texts reads a file of the folder locales. It returns all its texts by their keys.
func texts(t *testing.T, name string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../locales", name))
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := json.Unmarshal(data, &tree); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	all := map[string]string{}
	var walk func(prefix string, tree map[string]any)
	walk = func(prefix string, tree map[string]any) {
		for key, v := range tree {
			switch v := v.(type) {
			case string:
				all[prefix+key] = v
			case map[string]any:
				walk(prefix+key+".", v)
			default:
				t.Errorf("%s: %s is neither a text nor an object", name, prefix+key)
			}
		}
	}
	walk("", tree)
	return all
}

var place = regexp.MustCompile(`\{(\w+)\}`)

// places returns the names of a text's placeholders, sorted.
func places(text string) []string {
	var names []string
	for _, found := range place.FindAllStringSubmatch(text, -1) {
		names = append(names, found[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// use is a key in the code, with the names of its values.
type use struct {
	key, at string
	values  []string
}

// uses returns the keys in the Go files of a folder, and in index.html.
func uses(t *testing.T) []use {
	t.Helper()
	var all []use
	for _, pattern := range []string{"*.go", "../*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				if method, ok := call.Fun.(*ast.SelectorExpr); ok && (method.Sel.Name == "Text" || method.Sel.Name == "Count") {
					all = append(all, usesOf(t, method.Sel.Name, set.Position(n.Pos()).String(), call)...)
				}
				return true
			})
		}
	}
	page, err := os.ReadFile("../../static/index.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range regexp.MustCompile(`data-(?:text|label)="([^"]*)"`).FindAllStringSubmatch(string(page), -1) {
		all = append(all, use{found[1], "index.html", nil})
	}
	return all
}

// usesOf reads a call of Text or Count. The key and the names must be literals.
func usesOf(t *testing.T, method, at string, call *ast.CallExpr) []use {
	var literals []string
	values := 1
	if method == "Count" {
		values = 2
	}
	for i, argument := range call.Args {
		if i != 0 && (i < values || (i-values)%2 == 1) {
			continue
		}
		literal, ok := argument.(*ast.BasicLit)
		if !ok {
			if at := filepath.ToSlash(at); strings.HasPrefix(at, "words.go") || strings.HasPrefix(at, "../element_js.go") {
				return nil // it passes on the keys of other calls
			}
			t.Errorf("%s: the key and the names of %s must be literals", at, method)
			return nil
		}
		text, err := strconv.Unquote(literal.Value)
		if err != nil {
			t.Fatal(err)
		}
		literals = append(literals, text)
	}
	if method == "Count" {
		names := append([]string{"n"}, literals[1:]...)
		return []use{{literals[0] + ".one", at, names}, {literals[0] + ".other", at, names}}
	}
	return []use{{literals[0], at, literals[1:]}}
}

// TestWords checks that each key in the code has a text in each language, with placeholders for the values in the code,
// and that no text is unused.
func TestWords(t *testing.T) {
	in := map[string]map[string]string{"en-US.json": texts(t, "en-US.json"), "de-DE.json": texts(t, "de-DE.json")}
	used := map[string][]string{}
	for _, u := range uses(t) {
		slices.Sort(u.values)
		if before, ok := used[u.key]; ok && !slices.Equal(before, u.values) {
			t.Errorf("%s: %s gets the values %q, and elsewhere %q", u.at, u.key, u.values, before)
		}
		used[u.key] = u.values
		for name, all := range in {
			text, ok := all[u.key]
			if !ok {
				t.Errorf("%s: %s has no text for %s", u.at, name, u.key)
			}
			for _, place := range places(text) {
				if !slices.Contains(u.values, place) {
					t.Errorf("%s: %s: the placeholder {%s} of %s gets no value", u.at, name, place, u.key)
				}
			}
		}
	}
	if len(used) < 100 {
		t.Fatalf("%d keys are used; want at least 100, else this test misses some", len(used))
	}
	for name, all := range in {
		for _, key := range slices.Sorted(maps.Keys(all)) {
			if _, ok := used[key]; !ok {
				t.Errorf("%s: %s is not used", name, key)
			}
			if strings.TrimSpace(all[key]) == "" {
				t.Errorf("%s: %s is empty", name, key)
			}
		}
	}
	// Every language must use the same values as English. Only the backend's message may be left out.
	for key, text := range in["en-US.json"] {
		if got := places(in["de-DE.json"][key]); !slices.Equal(got, places(text)) && !slices.Contains(places(text), "message") {
			t.Errorf("%s has the placeholders %q in English, and %q in German", key, places(text), got)
		}
	}
}

// TestManifest checks that manifest.yml names exactly the files of the folder locales.
func TestManifest(t *testing.T) {
	manifest, err := os.ReadFile("../../manifest.yml")
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, found := range regexp.MustCompile(`path: locales/(\S+)`).FindAllStringSubmatch(string(manifest), -1) {
		named = append(named, found[1])
	}
	there, err := filepath.Glob("../../locales/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for i := range there {
		there[i] = filepath.Base(there[i])
	}
	slices.Sort(named)
	if !slices.Equal(named, there) {
		t.Errorf("manifest.yml names the files %q; want %q", named, there)
	}
}

func TestText(t *testing.T) {
	w := &Words{func(key string) (string, bool) {
		text, ok := map[string]string{"a": "{x} and {y}", "b.one": "{n} {x}", "b.other": "{n} {x}s"}[key]
		return text, ok
	}}
	for want, got := range map[string]string{
		"{y} and 2": w.Text("a", "x", "{y}", "y", "2"), // a value is inserted as it is
		"none":      w.Text("none", "x", "1"),
		"1 x":       w.Count("b", 1, "x", "x"),
		"0 xs":      w.Count("b", 0, "x", "x"),
	} {
		if got != want {
			t.Errorf("text %q; want %q", got, want)
		}
	}
}

// TestReasonOfAnswer checks what the user reads about the backend's answers.
func TestReasonOfAnswer(t *testing.T) {
	const notUnderstood = "The task service gave an answer that this page does not understand. Reload the page; if that does not help, tell your administrator."
	cases := []struct {
		name   string
		status int
		header map[string]string
		body   string
		want   string
		// byInvoke is the text with invokeRemote, which accepts errors in JSON only. It is empty if the text is the
		// same.
		byInvoke string
	}{
		{"its own words", 500, nil, `{"error":"The database does not answer"}`, "The database does not answer.", ""},
		{"no words", 503, nil, `{}`, "The task service answered with an error (503). Try again in a moment; if that does not help, tell your administrator.", ""},
		{"not JSON", 502, nil, `<h1>Bad gateway</h1>`, "The task service answered with an error (502). Try again in a moment; if that does not help, tell your administrator.", notUnderstood},
		{"401", 401, nil, `{"error":"bad token"}`, "The task service could not verify that the request comes from this app. Reload the page; if that does not help, tell your administrator.", ""},
		{"429 with a time", 429, map[string]string{"retry-after": "7"}, `{"error":"slow down"}`, "Too many requests in a short time. Try again in 7 seconds.", ""},
		{"429 without a time", 429, nil, `{"error":"slow down"}`, "Too many requests in a short time. Try again in a minute.", ""},
		{"429 with a time of another form", 429, map[string]string{"retry-after": "soon"}, ``, "Too many requests in a short time. Try again in a minute.", notUnderstood},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			byEachWay(t, func(t *testing.T, host *oneAnswer, backend *api) {
				host.status, host.header, host.body = c.status, c.header, c.body
				_, err := backend.list(host.ctx)
				if err == nil {
					t.Fatal("list returned no error")
				}
				want := c.want
				if backend.way == InvokeRemote && c.byInvoke != "" {
					want = c.byInvoke
				}
				if got := english.reason(err); got != want {
					t.Errorf("the reason is %q; want %q", got, want)
				}
			})
		})
	}
}

// TestReasonOfRefusal checks the text for each error with which the host rejects a call.
func TestReasonOfRefusal(t *testing.T) {
	const unverified = "The task service could not verify that the request comes from this app. Reload the page; if that does not help, tell your administrator."
	cases := []struct {
		name    string
		failure error
		want    string
	}{
		{"unauthorized", &bridge.HostError{Message: "Remote could not verify the Forge Invocation Token"}, unverified},
		{"timeout", &bridge.HostError{Message: "Remote invocation timed out after 25 seconds"}, "The task service took too long to answer. Try again."},
		{"unreachable", &bridge.HostError{Message: "Invalid response from remote - remote network error"}, "The task service could not be reached. It may be down. Try again in a moment."},
		{"unreachable for fetch", &bridge.HostError{Name: "TypeError", Message: "Failed to fetch"}, "The task service could not be reached. It may be down. Try again in a moment."},
		{"anything else", &bridge.HostError{Message: "An unexpected error happened"}, "The request was not passed on: An unexpected error happened."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for _, way := range []Way{RequestRemote, InvokeRemote} {
				by(t, way, func(t *testing.T, host *oneAnswer, backend *api) {
					host.Fail(RemoteKey, bridgetest.Reject(c.failure))
					_, err := backend.list(host.ctx)
					if got := english.reason(err); err == nil || got != c.want {
						t.Errorf("the reason for %v is %q; want %q", err, got, c.want)
					}
				})
			}
		})
	}
}

// TestReasonOfOther checks the text for errors that do not come from a host.
func TestReasonOfOther(t *testing.T) {
	_, err := (&api{}).list(t.Context())
	if got, want := english.reason(err), "This page has no connection to Jira or Confluence. Open the app there, or run it with “forgego dev”."; got != want {
		t.Errorf("without a host the reason is %q; want %q", got, want)
	}
	if got, want := english.reason(errors.New("no idea")), "Something went wrong: no idea."; got != want {
		t.Errorf("the reason for an unknown error is %q; want %q", got, want)
	}
}

// TestReasonOfDirect checks the text for errors that only direct requests have.
func TestReasonOfDirect(t *testing.T) {
	cases := []struct {
		name    string
		failure error
		want    string
	}{
		{"blocked", bridge.ErrBlocked, "This page’s policy does not let it reach the task service by itself. Choose another way to send, or add “- remote: tasks-api” under permissions.external.fetch.client in manifest.yml."},
		{"no bridge", bridge.ErrNoBridge, "This page has no connection to Jira or Confluence. Open the app there, or run it with “forgego dev”."},
		{"no token", bridge.ErrUnknownRemote, "Neither the product nor the task service gives this page a token for the remote “tasks-api”. Choose another way to send, or tell your administrator."},
		{"unreachable", bridge.ErrNetwork, "The task service could not be reached. It may be down. Try again in a moment."},
		{"too slow", errTooSlow, "It took longer than 120 seconds. Try again with a faster connection or a smaller file."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			by(t, Direct, func(t *testing.T, host *oneAnswer, backend *api) {
				host.Fail("fetch", bridgetest.Reject(c.failure))
				_, err := backend.list(host.ctx)
				if err == nil || english.reason(err) != c.want {
					t.Errorf("the reason for %v is %q; want %q", err, english.reason(err), c.want)
				}
			})
		})
	}
}

func TestReasonOfRateLimit(t *testing.T) {
	cases := []struct {
		after time.Duration
		want  string
	}{
		{time.Millisecond, "1 second"},
		{time.Second, "1 second"},
		{time.Second + 1, "2 seconds"},
		{24 * time.Second, "24 seconds"},
	}
	for _, c := range cases {
		err := fmt.Errorf("wrapped: %w", &bridge.RateLimitError{Limit: 500, Window: 25 * time.Second, RetryAfter: c.after})
		if got, want := english.reason(err), "Too many requests in a short time. Try again in "+c.want+"."; got != want {
			t.Errorf("the reason after %v is %q; want %q", c.after, got, want)
		}
	}
}

func TestGoneAndBadInput(t *testing.T) {
	cases := []struct {
		name   string
		status int
		body   string
		gone   bool
		bad    string
	}{
		{"gone", 404, `{"error":"There is no such task; it may have been deleted."}`, true, ""},
		{"a 404 that is not the backend's", 404, `<h1>Not found</h1>`, false, ""},
		{"bad input", 400, `{"error":"A task needs a name."}`, false, "A task needs a name."},
		{"a 400 that is not the backend's", 400, `<h1>Bad request</h1>`, false, ""},
		{"another refusal", 500, `{"error":"The database does not answer."}`, false, ""},
		{"no refusal", 204, ``, false, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			byEachWay(t, func(t *testing.T, host *oneAnswer, backend *api) {
				host.status, host.body = c.status, c.body
				err := backend.delete(host.ctx, "1")
				bad := ""
				if r := badInput(err); r != nil {
					bad = r.Message
				}
				if isGone(err) != c.gone || bad != c.bad {
					t.Errorf("for %v isGone is %t and badInput %q; want %t and %q", err, isGone(err), bad, c.gone, c.bad)
				}
			})
		})
	}
}
