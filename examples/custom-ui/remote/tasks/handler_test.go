package tasks

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/forgego/forgego/remote"
)

var discard = slog.New(slog.DiscardHandler)

// quiet returns the default settings with these options, without a log.
func quiet(opts ...Option) settings {
	return newSettings(append([]Option{WithLogger(discard)}, opts...))
}

// client calls the API as one installation with a verified token.
type client struct {
	t            *testing.T
	api          http.Handler
	installation string
}

func newClient(t *testing.T) *client {
	return &client{t, newAPI(newTestStore(t), newHub(), quiet()), "installation-1"}
}

// as returns a client of the same API for another installation.
func (c *client) as(installation string) *client { return &client{c.t, c.api, installation} }

func (c *client) do(method, path, body string, header ...string) *httptest.ResponseRecorder {
	return c.send(newRequest(method, path, body, header...))
}

func newRequest(method, path, body string, header ...string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	return r
}

func (c *client) send(r *http.Request) *httptest.ResponseRecorder {
	claims := &remote.Claims{App: remote.App{InstallationID: c.installation}}
	w := httptest.NewRecorder()
	c.api.ServeHTTP(w, r.WithContext(remote.NewContext(r.Context(), claims)))
	return w
}

func (c *client) add(key, name string) *httptest.ResponseRecorder {
	return c.do("POST", "/tasks", toJSON(map[string]string{"name": name}), "Idempotency-Key", key)
}

// want checks a response. If into is not nil, want also decodes the response.
func (c *client) want(w *httptest.ResponseRecorder, status int, into any) {
	c.t.Helper()
	if w.Code != status {
		c.t.Fatalf("status %d; want %d; body %s", w.Code, status, w.Body)
	}
	if status == http.StatusNoContent {
		if w.Body.Len() > 0 {
			c.t.Errorf("body %q with a 204", w.Body)
		}
		return
	}
	if got := w.Header().Get("Content-Type"); got != "application/json" {
		c.t.Errorf("Content-Type %q; want application/json", got)
	}
	if into != nil {
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			c.t.Fatalf("body %s: %v", w.Body, err)
		}
	}
}

func toJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data)
}

func TestLifeOfATask(t *testing.T) {
	c := newClient(t)
	w := c.do("GET", "/tasks", "")
	c.want(w, 200, nil)
	if got := strings.TrimSpace(w.Body.String()); got != `{"tasks":[]}` {
		t.Errorf("an empty list is %s", got)
	}
	var first, second, again, done task
	c.want(c.add("k1", "  Write the <tests> & run them  "), 201, &first)
	c.want(c.add("k2", "Ship"), 201, &second)
	c.want(c.add("k1", "Write the <tests> & run them"), 200, &again)
	if first.Name != "Write the <tests> & run them" || first.Done || first.ID == "" || again != first {
		t.Errorf("added %v, then %v; want the same trimmed task", first, again)
	}
	c.want(c.do("PATCH", "/tasks/"+second.ID, `{"done":true}`), 200, &done)
	if want := (task{ID: second.ID, Name: "Ship", Done: true, Version: 2}); done != want {
		t.Errorf("PATCH returned %v; want %v", done, want)
	}
	var all struct{ Tasks []task }
	c.want(c.do("GET", "/tasks", ""), 200, &all)
	if len(all.Tasks) != 2 || all.Tasks[0] != first || all.Tasks[1] != done {
		t.Errorf("tasks %v; want %v and %v", all.Tasks, first, done)
	}
	c.want(c.do("DELETE", "/tasks/"+first.ID, ""), 204, nil)
	c.want(c.do("DELETE", "/tasks/"+first.ID, ""), 404, nil)
	c.want(c.do("PATCH", "/tasks/"+first.ID, `{"done":true}`), 404, nil)
	c.want(c.add("k1", "Write the <tests> & run them"), 404, nil)
	all.Tasks = nil
	c.want(c.do("GET", "/tasks", ""), 200, &all)
	if len(all.Tasks) != 1 || all.Tasks[0] != done {
		t.Errorf("tasks %v; want %v", all.Tasks, done)
	}
}

func TestErrors(t *testing.T) {
	const missing = "There is no such task; it may have been deleted."
	key := []string{"Idempotency-Key", "k"}
	name := func(s string) string { return toJSON(map[string]string{"name": s}) }
	for _, tt := range []struct {
		name         string
		method, path string
		body         string
		header       []string
		status       int
		text         string
	}{
		{"no name", "POST", "/tasks", `{}`, key, 400, "A task needs a name."},
		{"empty name", "POST", "/tasks", name(""), key, 400, "A task needs a name."},
		{"name of spaces", "POST", "/tasks", name(" \t\n\u2003"), key, 400, "A task needs a name."},
		{"name null", "POST", "/tasks", `{"name":null}`, key, 400, "A task needs a name."},
		{"name of 201 characters", "POST", "/tasks", name(strings.Repeat("a", 201)), key, 400, "at most 200 characters"},
		{"name of 201 characters of 4 bytes", "POST", "/tasks", name(strings.Repeat("🙂", 201)), key, 400, "at most 200 characters"},
		{"name a number", "POST", "/tasks", `{"name":7}`, key, 400, "not a JSON object"},
		{"unknown field to change", "PATCH", "/tasks/x", `{"done":true,"file":{}}`, nil, 400, "not a JSON object"},
		{"unknown field", "POST", "/tasks", `{"name":"a","done":true}`, key, 400, "not a JSON object"},
		{"no body", "POST", "/tasks", ``, key, 400, "not a JSON object"},
		{"body of spaces", "POST", "/tasks", "  \n", key, 400, "not a JSON object"},
		{"body null", "POST", "/tasks", `null`, key, 400, "not a JSON object"},
		{"body a list", "POST", "/tasks", `[{"name":"a"}]`, key, 400, "not a JSON object"},
		{"body cut", "POST", "/tasks", `{"name":"a`, key, 400, "not a JSON object"},
		{"body not JSON", "POST", "/tasks", `name=a`, key, 400, "not a JSON object"},
		{"two bodies", "POST", "/tasks", name("a") + name("b"), key, 400, "each of them once"},
		{"junk behind the body", "POST", "/tasks", name("a") + "x", key, 400, "each of them once"},
		{"body not UTF-8", "POST", "/tasks", "{\"name\":\"caf\xe9\"}", key, 400, "in UTF-8"},
		{"body over 16 KB", "POST", "/tasks", name(strings.Repeat("a", 16<<10)), key, 413, "larger than 16 KB"},
		{"name twice", "POST", "/tasks", `{"name":"a","name":"b"}`, key, 400, "each of them once"},
		{"name twice, once in capitals", "POST", "/tasks", `{"name":"a","NAME":"b"}`, key, 400, "not a JSON object"},
		{"name in capitals", "POST", "/tasks", `{"Name":"a"}`, key, 400, "not a JSON object"},
		{"done twice", "PATCH", "/tasks/x", `{"done":true,"done":false}`, nil, 400, "each of them once"},
		{"done in capitals", "PATCH", "/tasks/x", `{"DONE":true}`, nil, 400, "not a JSON object"},
		{"body nested deeply", "POST", "/tasks", `{"name":` + strings.Repeat("[", 15000), key, 400, "not a JSON object"},
		{"name with a line break", "POST", "/tasks", name("a\nb"), key, 400, "control characters"},
		{"name with a zero byte", "POST", "/tasks", name("a\x00b"), key, 400, "control characters"},
		{"name with an escape", "POST", "/tasks", name("\x1b[31mred"), key, 400, "control characters"},
		{"name turned around", "POST", "/tasks", name("a\u202etxt.exe"), key, 400, "control characters"},
		{"name in an isolate", "POST", "/tasks", name("\u2067a\u2069"), key, 400, "control characters"},
		{"name with a line separator", "POST", "/tasks", name("a\u2028b"), key, 400, "control characters"},
		{"name that shows nothing", "POST", "/tasks", name("\u200b\ufeff\u2060"), key, 400, "A task needs a name."},
		{"rename with a control character", "PATCH", "/tasks/x", name("a\x7f"), nil, 400, "control characters"},
		{"no key", "POST", "/tasks", name("a"), nil, 400, "Idempotency-Key"},
		{"empty key", "POST", "/tasks", name("a"), []string{"Idempotency-Key", ""}, 400, "Idempotency-Key"},
		{"key of 65 characters", "POST", "/tasks", name("a"), []string{"Idempotency-Key", strings.Repeat("k", 65)}, 400, "Idempotency-Key"},
		{"key not UTF-8", "POST", "/tasks", name("a"), []string{"Idempotency-Key", "\xff"}, 400, "Idempotency-Key"},
		{"two keys", "POST", "/tasks", name("a"), []string{"Idempotency-Key", "a", "Idempotency-Key", "b"}, 400, "Idempotency-Key"},
		{"key of another task", "POST", "/tasks", name("another"), []string{"Idempotency-Key", "taken"}, 400, "used for another task"},

		{"done missing", "PATCH", "/tasks/x", `{}`, nil, 400, "what is to change"},
		{"done null", "PATCH", "/tasks/x", `{"done":null}`, nil, 400, "what is to change"},
		{"done a text", "PATCH", "/tasks/x", `{"done":"true"}`, nil, 400, "not a JSON object"},
		{"rename to nothing", "PATCH", "/tasks/x", `{"name":" "}`, nil, 400, "A task needs a name."},
		{"PATCH unknown task", "PATCH", "/tasks/x", `{"done":true}`, nil, 404, missing},
		{"DELETE unknown task", "DELETE", "/tasks/x", ``, nil, 404, missing},
		{"DELETE encoded path", "DELETE", "/tasks/..%2fx", ``, nil, 404, missing},

		{"GET file of an unknown task", "GET", "/tasks/x/file", ``, nil, 404, missing},
		{"PUT file of an unknown task", "PUT", "/tasks/x/file", `data`, []string{"X-File-Name", "a"}, 404, missing},
		{"DELETE file of an unknown task", "DELETE", "/tasks/x/file", ``, nil, 404, missing},
		{"PUT file without a name", "PUT", "/tasks/x/file", `data`, nil, 400, "in one X-File-Name header"},
		{"POST file", "POST", "/tasks/x/file", `data`, nil, 405, "GET, HEAD, PUT, DELETE"},
		{"POST events", "POST", "/tasks/events", ``, nil, 405, "PATCH, DELETE"},

		{"root", "GET", "/", ``, nil, 404, "nothing at this path"},
		{"unknown path", "GET", "/nope", ``, nil, 404, "nothing at this path"},
		{"slash at the end", "GET", "/tasks/", ``, nil, 404, "nothing at this path"},
		{"path below a task", "GET", "/tasks/a/b", ``, nil, 404, "nothing at this path"},
		{"PUT on the list", "PUT", "/tasks", ``, nil, 405, "GET, HEAD, POST"},
		{"DELETE on the list", "DELETE", "/tasks", ``, nil, 405, "GET, HEAD, POST"},
		{"GET of a task", "GET", "/tasks/x", ``, nil, 405, "PATCH, DELETE"},
		{"invented method", "BREW", "/tasks/x", ``, nil, 405, "PATCH, DELETE"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newClient(t)
			c.want(c.add("taken", "a task"), 201, nil)
			w := c.do(tt.method, tt.path, tt.body, tt.header...)
			var answer struct{ Error string }
			c.want(w, tt.status, &answer)
			if !strings.Contains(answer.Error, tt.text) {
				t.Errorf("error %q; want it to say %q", answer.Error, tt.text)
			}
			if allow := w.Header().Get("Allow"); (allow == tt.text) != (tt.status == 405) {
				t.Errorf("Allow = %q with status %d", allow, tt.status)
			}
			var all struct{ Tasks []task }
			c.want(c.do("GET", "/tasks", ""), 200, &all)
			if len(all.Tasks) != 1 || all.Tasks[0].Done {
				t.Errorf("after the refused request the tasks are %v; want one", all.Tasks)
			}
		})
	}
}

func TestLengthsAreInCharacters(t *testing.T) {
	c := newClient(t)
	for i, name := range []string{"a", strings.Repeat("a", 200), strings.Repeat("ä", 200), strings.Repeat("🙂", 200), " " + strings.Repeat("🙂", 200) + " "} {
		var added task
		c.want(c.add(fmt.Sprint(i), name), 201, &added)
		if added.Name != strings.TrimSpace(name) {
			t.Errorf("name %q was stored as %q", name, added.Name)
		}
	}
	c.want(c.add(strings.Repeat("ü", 64), "a"), 201, nil)
}

func TestInstallationsDoNotSeeEachOther(t *testing.T) {
	mine := newClient(t)
	theirs := mine.as("installation-2")
	var task task
	mine.want(mine.add("k", "mine"), 201, &task)
	theirs.want(theirs.do("PATCH", "/tasks/"+task.ID, `{"done":true}`), 404, nil)
	theirs.want(theirs.do("DELETE", "/tasks/"+task.ID, ""), 404, nil)
	theirs.want(theirs.add("k", "theirs"), 201, nil)
	if body := theirs.do("GET", "/tasks", "").Body.String(); strings.Contains(body, "mine") || !strings.Contains(body, "theirs") {
		t.Errorf("the other installation sees %s; want only its own task", body)
	}
	if body := mine.do("GET", "/tasks", "").Body.String(); strings.Contains(body, "theirs") || strings.Contains(body, "true") {
		t.Errorf("this installation sees %s; want only its own task, unchanged", body)
	}
}

func TestBrokenDatabase(t *testing.T) {
	s := newTestStore(t)
	c := &client{t, newAPI(s, newHub(), quiet()), "i"}
	s.db.Close()
	for _, w := range []*httptest.ResponseRecorder{
		c.do("GET", "/tasks", ""), c.add("k", "a"), c.do("PATCH", "/tasks/x", `{"done":true}`), c.do("DELETE", "/tasks/x", ""),
		c.do("GET", "/tasks/x/file", ""), c.do("PUT", "/tasks/x/file", "", "X-File-Name", "a"), c.do("DELETE", "/tasks/x/file", ""),
	} {
		c.want(w, 500, nil)
		if strings.Contains(w.Body.String(), "sql") {
			t.Errorf("body %s reveals internals", w.Body)
		}
	}
}

func TestRequestWithoutClaimsIsNotServed(t *testing.T) {
	api := newAPI(newTestStore(t), newHub(), quiet())
	defer func() {
		if recover() == nil {
			t.Error("a request without verified claims was served")
		}
	}()
	api.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/tasks", nil))
}
