package manifest

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const dataDev = `products:
  jira:
    url: https://demo.atlassian.net
    authorization: JIRA_AUTHORIZATION
    fixtures:
      - request: GET /rest/api/3/issue/{key}
        file: fixtures/a.json
      - request: /rest/api/3/search
        status: 410
        headers:
          X-Total: 5
  confluence:
    url: http://127.0.0.1:9000
functions:
  getText:
    file: fixtures/a.json
  upload:
    objectStore: upload
  remote:
    url: http://localhost:9000/functions
  "*":
    command: [node, functions.mjs, 7]
teamworkGraph:
  Mine: fixtures/a.json
userRecommendations: fixtures/a.json
featureFlags:
  new-board: true
  old-board: false
realtime: off
`

func TestLoadDevData(t *testing.T) {
	d, err := LoadDev(app(t, "manifest.yml", tasks, "forgego.yml", dataDev, "fixtures/a.json", "{}"))
	if err != nil {
		t.Fatal(err)
	}
	want := &Dev{
		Frontends: map[string]Frontend{}, Remotes: map[string]DevRemote{},
		Products: map[string]DevProduct{
			"jira": {URL: "https://demo.atlassian.net", Authorization: "JIRA_AUTHORIZATION", Fixtures: []DevFixture{
				{Request: "GET /rest/api/3/issue/{key}", File: "fixtures/a.json", Status: 200},
				{Request: "/rest/api/3/search", Status: 410, Header: map[string]string{"X-Total": "5"}},
			}},
			"confluence": {URL: "http://127.0.0.1:9000"},
		},
		Functions: map[string]DevFunction{
			"getText": {File: "fixtures/a.json"},
			"upload":  {ObjectStore: "upload"},
			"remote":  {URL: "http://localhost:9000/functions"},
			"*":       {Command: []string{"node", "functions.mjs", "7"}},
		},
		Services:            map[string]DevRemote{},
		TeamworkGraph:       map[string]string{"Mine": "fixtures/a.json"},
		UserRecommendations: "fixtures/a.json",
		FeatureFlags:        map[string]bool{"new-board": true, "old-board": false},
		NoRealtime:          true,
	}
	d.src = nil
	if !reflect.DeepEqual(d, want) {
		t.Errorf("got %+v\nwant %+v", d, want)
	}
}

func TestLoadDevDataErrors(t *testing.T) {
	for _, c := range []struct{ name, old, new, place, msg, fix string }{
		{"unknown product", "  confluence:", "  compass:", "12:", `unknown product "compass"`, "bitbucket"},
		{"unknown key of a product", "    authorization:", "    token:", "4:", `unknown key "token"`, "authorization"},
		{"url without TLS", "https://demo.atlassian.net", "http://demo.atlassian.net", "3:", "cannot be forwarded", "https"},
		{"url with credentials", "https://demo", "https://me:pw@demo", "3:", "cannot be forwarded", "https"},
		{"url with a query", "atlassian.net", "atlassian.net?a=b", "3:", "cannot be forwarded", "https"},
		{"credentials in the file", "JIRA_AUTHORIZATION", `"Basic bWU6cHc="`, "4:", "not the name of an environment variable", "Do not write the value itself"},
		{"fixtures as a mapping", "      - request: /rest/api/3/search\n        status: 410\n        headers:\n          X-Total: 5\n  confluence:\n    url: http://127.0.0.1:9000", "  confluence:\n    fixtures: {a: b}", "9:", "must be a list", "- request"},
		{"a request without a slash", "/rest/api/3/search", "rest/api/3/search", "8:", "no path that starts with a slash", "GET /rest"},
		{"a request of another host", "request: /rest/api/3/search", "request: GET example.com/rest", "8:", "no path that starts with a slash", "GET /rest"},
		{"a request that is not a pattern", "/rest/api/3/search", "/rest/{", "8:", "is not a pattern", "{key}"},
		{"a request twice", "/rest/api/3/search", "GET /rest/api/3/issue/{id}", "8:", "another pattern matches", "{key}"},
		{"no request", "request: /rest/api/3/search", "file: fixtures/a.json", "8:", "no path that starts with a slash", "GET /rest"},
		{"an informational status", "status: 410", "status: 100", "9:", "not a final HTTP status", "200 to 599"},
		{"a status in words", "status: 410", "status: gone", "9:", "not a final HTTP status", "200 to 599"},
		{"a header's name", "X-Total: 5", `"X Total": 5`, "11:", `"X Total"`, "X-Total: 5"},
		{"a header's value", "X-Total: 5", `X-Total: "a\r\nb"`, "11:", `"X-Total"`, "X-Total: 5"},
		{"a header's value as a list", "X-Total: 5", "X-Total: [5]", "11:", `"X-Total"`, "X-Total: 5"},
		{"headers as a list", "headers:\n          X-Total: 5", "headers: [X-Total]", "10:", "must be a mapping", "X-Total: 5"},
		{"a missing file", "file: fixtures/a.json\n      - ", "file: fixtures/b.json\n      - ", "7:", `there is no file "fixtures/b.json"`, "relative to the app's folder"},
		{"a file outside the folder", "Mine: fixtures/a.json", "Mine: ../a.json", "24:", "is not a file inside", "fixtures/answer.json"},
		{"a file as a number", "Mine: fixtures/a.json", "Mine: 5", "24:", "5 is not a file inside", "fixtures/answer.json"},
		{"a query without a file", "Mine: fixtures/a.json", "Mine:", "24:", `the query "Mine" has no file`, "fixtures/answer.json"},
		{"a folder as a file", "userRecommendations: fixtures/a.json", "userRecommendations: fixtures", "25:", "is a folder", "regular file"},
		{"a function with two answers", "    objectStore: upload", "    objectStore: upload\n    file: fixtures/a.json", "17:", "exactly one of", "objectStore"},
		{"a function without an answer", "  upload:\n    objectStore: upload", "  upload: {}", "17:", "exactly one of", "command"},
		{"a function whose answer has no value", "    objectStore: upload", "    objectStore:", "17:", "exactly one of", "command"},
		{"a function with a misspelled key", "    objectStore: upload", "    objektStore: upload", "18:", "unknown key", "objectStore"},
		{"a function's url", "http://localhost:9000/functions", "http://example.com/", "20:", "cannot be forwarded", "loopback"},
		{"a function's command as text", "[node, functions.mjs, 7]", "node functions.mjs", "22:", "must be a list", "[node, functions.mjs]"},
		{"an unknown role of the store", "objectStore: upload", "objectStore: rename", "18:", `no role "rename"`, "metadata"},
		{"a flag that is not a boolean", "new-board: true", "new-board: maybe", "27:", "neither true nor false", "true or false"},
		{"realtime that is neither on nor off", "realtime: off", "realtime: maybe", "29:", "neither on nor off", "Write on or off"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if strings.Count(dataDev, c.old) != 1 {
				t.Fatalf("%q occurs %d times in the file, want once", c.old, strings.Count(dataDev, c.old))
			}
			dir := app(t, "manifest.yml", tasks, "fixtures/a.json", "{}", "forgego.yml", strings.Replace(dataDev, c.old, c.new, 1))
			_, err := LoadDev(dir)
			e := findFault(t, err, c.msg)
			if !strings.HasPrefix(e.Error(), filepath.Join(dir, "forgego.yml")+":"+c.place) || !strings.Contains(e.Fix, c.fix) {
				t.Errorf("want an error at %q with the advice %q, got:\n%v", c.place, c.fix, e)
			}
		})
	}
}

// The time to compare fixtures grows with the square of their number.
func TestLoadDevManyFixtures(t *testing.T) {
	text := "products:\n  jira:\n    fixtures:\n"
	for i := range maxFixtures + 5 {
		text += fmt.Sprintf("      - request: /rest/%d\n", i)
	}
	_, err := LoadDev(app(t, "manifest.yml", tasks, "forgego.yml", text))
	if e := findFault(t, err, "jira has more than 1000 fixtures"); e.Line != 3+maxFixtures+1 {
		t.Errorf("got:\n%v", e)
	}
}
