package productdata

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/forward"
	"github.com/forgego/forgego/devhost/internal/testapp"
)

// newData answers for an app that has this forgego.yml and these files, given as name, text, name, text. Requests may use
// the developer's credentials.
func newData(t *testing.T, dev string, files ...string) *Data {
	t.Helper()
	dir := t.TempDir()
	testapp.Write(t, dir, "forgego.yml", dev)
	for i := 0; i < len(files); i += 2 {
		testapp.Write(t, dir, files[i], files[i+1])
	}
	return &Data{Dir: dir, Client: forward.Client(http.DefaultTransport, time.Minute), Log: slog.New(slog.DiscardHandler)}
}

// ask requests a product's data and returns the answer as the page reads it.
func ask(t *testing.T, d *Data, name, input string) (out map[string]any, failed apierror.Error) {
	t.Helper()
	var answer any
	var err error
	switch name {
	case "product":
		in := Request{UseCredentials: true}
		read(t, input, &in)
		answer, err = d.Fetch(t.Context(), in)
	case "graph":
		var in GraphQuery
		read(t, input, &in)
		answer, err = d.Graph(t.Context(), in)
	case "recommendations":
		answer, err = d.Recommendations(t.Context(), struct{}{})
	}
	if known := (*apierror.Error)(nil); errors.As(err, &known) {
		return nil, *known
	}
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	read(t, string(text), &out)
	return out, apierror.Error{}
}

func read(t *testing.T, text string, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), v); err != nil {
		t.Fatal(err)
	}
}

const productFixtures = `products:
  jira:
    fixtures:
      - request: GET /rest/api/3/issue/{key}
        file: fixtures/issue.json
      - request: GET /rest/api/3/issue/GONE-1
        status: 404
        headers: {X-Reason: gone}
      - request: /rest/api/3/search
        file: fixtures/picture.png
        status: 201
        headers: {Content-Type: image/x-own}
`

func TestProductFixtures(t *testing.T) {
	d := newData(t, productFixtures, "fixtures/issue.json", `{"key":"A-1"}`, "fixtures/picture.png", "\x89PNG")
	for _, c := range []struct {
		name, method, path string
		status             float64
		body, header       string
		value              string
		from               string
	}{
		{"a pattern", "GET", "/rest/api/3/issue/A-1?expand=all", 200, "eyJrZXkiOiJBLTEifQ==", "content-type", "application/json", "fixtures/issue.json"},
		{"the most specific pattern", "GET", "/rest/api/3/issue/GONE-1", 404, "", "x-reason", "gone", "forgego.yml"},
		{"a pattern, escaped", "GET", "/rest/api/3/issue/A%2F1|ü 100%", 200, "eyJrZXkiOiJBLTEifQ==", "content-type", "application/json", "fixtures/issue.json"},
		{"a path with dots", "GET", "/rest/./api/2/../3/search", 201, "iVBORw==", "content-type", "image/x-own", "fixtures/picture.png"},
		{"any method", "DELETE", "/rest/api/3/search", 201, "iVBORw==", "content-type", "image/x-own", "fixtures/picture.png"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, failed := ask(t, d, "product", `{"product":"jira","method":"`+c.method+`","path":"`+c.path+`"}`)
			if failed.Message != "" {
				t.Fatal(failed.Message)
			}
			body, _ := out["body"].(string)
			if out["status"] != c.status || body != c.body || out["from"] != c.from || out["headers"].(map[string]any)[c.header] != c.value {
				t.Errorf("got %v", out)
			}
		})
	}
}

func TestProductWithoutAnAnswer(t *testing.T) {
	d := newData(t, productFixtures, "fixtures/issue.json", `{}`, "fixtures/picture.png", "")
	for _, c := range []struct{ name, input, code, says string }{
		{"another path", `{"product":"jira","method":"GET","path":"/rest/api/3/myself?a=b"}`, "NO_FIXTURE", "- request: GET /rest/api/3/myself\n"},
		{"another method", `{"product":"jira","method":"POST","path":"/rest/api/3/issue/A-1"}`, "NO_FIXTURE", "- request: POST /rest/api/3/issue/A-1\n"},
		{"a path that a browser would clean", `{"product":"jira","method":"GET","path":"/rest//api/3/issue/A-1"}`, "NO_FIXTURE", "forgego.yml"},
		{"another product", `{"product":"bitbucket","method":"GET","path":"/2.0/user"}`, "NO_FIXTURE", "  bitbucket:\n"},
		{"a path of another host", `{"product":"jira","method":"GET","path":"//evil.example/"}`, "NO_FIXTURE", "forgego.yml"},
		{"no path", `{"product":"jira","method":"GET","path":"rest"}`, "INVALID_REQUEST", "begin it with one slash"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if out, failed := ask(t, d, "product", c.input); failed.Code != c.code || !strings.Contains(failed.Message, c.says) {
				t.Errorf("got %v, %+v", out, failed)
			}
		})
	}
}

func TestProductForwarded(t *testing.T) {
	t.Setenv("TEST_JIRA_AUTHORIZATION", "Basic bWU6cHc=")
	s := testapp.NewSite(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", "session=1")
		w.Header().Set("X-Kept", "1")
		w.WriteHeader(409)
		io.WriteString(w, "conflict")
	})
	d := newData(t, "products:\n  jira:\n    url: "+s.URL+"\n    authorization: TEST_JIRA_AUTHORIZATION\n")
	out, failed := ask(t, d, "product", `{"product":"jira","method":"PUT","path":"/rest/x?a=b%20c","body":"aGVsbG8=",
		"headers":[["content-type","text/plain"],["x-atlassian-token","no-check"],["authorization","Bearer app"],["cookie","a=b"],["origin","http://x"],["sec-fetch-mode","cors"]]}`)
	if failed.Message != "" {
		t.Fatal(failed.Message)
	}
	header := out["headers"].(map[string]any)
	if out["status"] != 409.0 || out["body"] != "Y29uZmxpY3Q=" || header["x-kept"] != "1" || header["set-cookie"] != nil || out["from"] != strings.TrimPrefix(s.URL, "http://") {
		t.Errorf("got %v", out)
	}
	if s.Got.Method != "PUT" || s.Got.RequestURI != "/rest/x?a=b%20c" || s.Body != "hello" {
		t.Errorf("sent %s %s %q", s.Got.Method, s.Got.RequestURI, s.Body)
	}
	for name, want := range map[string]string{
		"Authorization": "Basic bWU6cHc=", "Content-Type": "text/plain", "X-Atlassian-Token": "no-check", "Cookie": "", "Origin": "", "Sec-Fetch-Mode": "",
	} {
		if got := s.Got.Header.Get(name); got != want {
			t.Errorf("sent %s %q, want %q", name, got, want)
		}
	}
}

// TestProductPaths checks that requests with credentials have the address that a browser would use, and that it is below
// the URL in forgego.yml.
func TestProductPaths(t *testing.T) {
	t.Setenv("TEST_JIRA_AUTHORIZATION", "Basic bWU6cHc=")
	s := testapp.NewSite(t, func(http.ResponseWriter, *http.Request) {})
	d := newData(t, "products:\n  jira:\n    url: "+s.URL+"/ex/jira/1\n    authorization: TEST_JIRA_AUTHORIZATION\n")
	for path, want := range map[string]string{
		"/rest/..%2F..%2F..%2Fadmin/ü": "/ex/jira/1/rest/..%2F..%2F..%2Fadmin/%C3%BC",
		"/rest/a%2Fb c":                "/ex/jira/1/rest/a%2Fb%20c",
		"/rest/a%2Fb|c":                "/ex/jira/1/rest/a%2Fb|c",
		"/rest/a/../b?q=ü'":            "/ex/jira/1/rest/b?q=%C3%BC%27",
		"//evil.example/":              "/ex/jira/1//evil.example/",
	} {
		s.Got = nil
		if _, failed := ask(t, d, "product", `{"product":"jira","method":"GET","path":"`+path+`"}`); s.Got == nil || s.Got.RequestURI != want {
			t.Errorf("%s: sent %+v (%v), want %s", path, s.Got, failed, want)
		}
	}
	s.Got = nil
	for _, path := range []string{"/../../../admin", "/%2e%2e/2/x", `/..\\2/x`, "/rest/../../2"} {
		_, failed := ask(t, d, "product", `{"product":"jira","method":"GET","path":"`+path+`"}`)
		if failed.Code != "INVALID_REQUEST" || !strings.Contains(failed.Message, "leads out of the path") || s.Got != nil {
			t.Errorf("%s: %+v, sent %+v", path, failed, s.Got)
		}
	}
	// net/http's server refuses this path itself.
	if out, failed := ask(t, d, "product", `{"product":"jira","method":"GET","path":"/search/100%"}`); out["status"] != 400.0 {
		t.Errorf("got %v, %+v", out, failed)
	}
}

func TestProductRedirects(t *testing.T) {
	t.Setenv("TEST_JIRA_AUTHORIZATION", "Basic bWU6cHc=")
	media := testapp.NewSite(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "media") })
	s := testapp.NewSite(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/media":
			http.Redirect(w, r, media.URL+"/file", http.StatusSeeOther)
		case "/plain":
			http.Redirect(w, r, "http://192.0.2.1/", http.StatusFound)
		default:
			http.Redirect(w, r, "/again", http.StatusFound)
		}
	})
	d := newData(t, "products:\n  jira:\n    url: "+s.URL+"\n    authorization: TEST_JIRA_AUTHORIZATION\n")
	out, failed := ask(t, d, "product", `{"product":"jira","method":"GET","path":"/media"}`)
	if out["body"] != "bWVkaWE=" || media.Got.Header.Get("Authorization") != "" {
		t.Errorf("got %v, %+v; the other site got the credentials %q", out, failed, media.Got.Header.Get("Authorization"))
	}
	for path, says := range map[string]string{"/plain": "neither https nor on this machine", "/loop": "without an end"} {
		if _, failed := ask(t, d, "product", `{"product":"jira","method":"GET","path":"`+path+`"}`); failed.Code != "PRODUCT_UNREACHABLE" || !strings.Contains(failed.Message, says) {
			t.Errorf("%s: got %+v", path, failed)
		}
	}
}

func TestProductNotForwarded(t *testing.T) {
	s := testapp.NewSite(t, func(http.ResponseWriter, *http.Request) {})
	d := newData(t, "products:\n  jira:\n    url: "+s.URL+"\n    authorization: TEST_NO_SUCH_VARIABLE\n  confluence:\n    url: http://127.0.0.1:1\n")
	for _, c := range []struct{ name, input, code, says string }{
		{"no credentials", `{"product":"jira","method":"GET","path":"/"}`, "NO_CREDENTIALS", "TEST_NO_SUCH_VARIABLE"},
		{"another origin", `{"product":"jira","method":"GET","path":"/@evil.example/"}`, "NO_CREDENTIALS", ""},
		{"unreachable", `{"product":"confluence","method":"GET","path":"/wiki?secret=1"}`, "PRODUCT_UNREACHABLE", "confluence could not be reached at http://127.0.0.1:1"},
		{"no method", `{"product":"confluence","method":"A B","path":"/wiki"}`, "INVALID_REQUEST", "cannot be made"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, failed := ask(t, d, "product", c.input)
			if failed.Code != c.code || !strings.Contains(failed.Message, c.says) || strings.Contains(failed.Message, "secret") {
				t.Errorf("got %+v", failed)
			}
		})
	}
	if s.Got != nil {
		t.Error("a request was forwarded")
	}
}

func TestGraphAndRecommendations(t *testing.T) {
	d := newData(t, "teamworkGraph:\n  Mine: fixtures/mine.json\n  \"*\": fixtures/all.json\nuserRecommendations: fixtures/users.json\n",
		"fixtures/mine.json", `{"data":"mine"}`, "fixtures/all.json", `{"data":"all"}`, "fixtures/users.json", `["a"]`)
	for query, want := range map[string]string{
		"query Mine($a: Int) { me }": "fixtures/mine.json",
		"\n\tquery  Mine{me}":        "fixtures/mine.json",
		"query Others { me }":        "fixtures/all.json",
		"{ query Mine }":             "fixtures/mine.json", // no schema has a field named query
		"{ me }":                     "fixtures/all.json",
	} {
		input, err := json.Marshal(map[string]string{"query": query})
		if err != nil {
			t.Fatal(err)
		}
		if out, failed := ask(t, d, "graph", string(input)); out["from"] != want {
			t.Errorf("%q: got %v, %+v", query, out, failed)
		}
	}
	if out, _ := ask(t, d, "recommendations", "{}"); out["from"] != "fixtures/users.json" || out["answer"].([]any)[0] != "a" {
		t.Errorf("got %v", out)
	}
	testapp.Write(t, d.Dir, "fixtures/users.json", "users")
	if _, failed := ask(t, d, "recommendations", "{}"); failed.Code != "FIXTURE_INVALID" {
		t.Errorf("got %+v", failed)
	}
	testapp.Write(t, d.Dir, "forgego.yml", "featureFlags:\n  a: true\n")
	if _, failed := ask(t, d, "recommendations", "{}"); failed.Code != "NO_FIXTURE" || !strings.Contains(failed.Message, "\nuserRecommendations: ") {
		t.Errorf("got %+v", failed)
	}
	for query, says := range map[string]string{"query Mine { me }": "\n  Mine: fixtures", "{ me }": "\n  \"*\": fixtures"} {
		if _, failed := ask(t, d, "graph", `{"query":"`+query+`"}`); failed.Code != "NO_FIXTURE" || !strings.Contains(failed.Message, says) {
			t.Errorf("%s: got %+v", query, failed)
		}
	}
}

func TestFlags(t *testing.T) {
	d := newData(t, "featureFlags:\n  a: true\n  \"\\uFEFFb \": false\n  \"\\u0085x\": true\n")
	got, err := d.Flags(t.Context(), struct{}{})
	want := map[string]flag{"177670": {true}, "177671": {false}, "5864418": {true}}
	if err != nil || !reflect.DeepEqual(got.Flags, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
}
