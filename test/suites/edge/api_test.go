package edge

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/forgego/forgego/remote/remotetest"
)

// answer is an answer of the Worker.
type answer struct {
	status int
	header http.Header
	body   string
}

// client makes requests to the Worker as one installation.
type client struct {
	t     *testing.T
	w     *world
	token string
}

// as returns a client of an installation. Its token is valid for 25 seconds.
func (w *world) as(t *testing.T, installation string) client {
	return client{t, w, w.issuer.Token(remotetest.WithInstallation("ari:cloud:ecosystem::installation/" + installation))}
}

// send sends a request. header has names and values in turn.
func (c client) send(method, path, body string, header ...string) answer {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.w.gate.url+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(data)}
}

func (c client) add(key, name string) answer {
	c.t.Helper()
	return c.send("POST", "/tasks", `{"name":"`+name+`"}`, "Idempotency-Key", key)
}

// id returns the id of the task in the answer.
func (a answer) id(t *testing.T) string {
	t.Helper()
	var task struct{ ID string }
	if err := json.Unmarshal([]byte(a.body), &task); err != nil || task.ID == "" {
		t.Fatalf("%d %s is no task: %v", a.status, a.body, err)
	}
	return task.ID
}

func testAPI(t *testing.T, w *world) {
	t.Run("refusals", func(t *testing.T) {
		good := w.as(t, "refused").token
		other := remotetest.NewIssuer("ari:cloud:ecosystem::app/00000000-0000-4000-8000-000000000000")
		for _, tt := range []struct {
			name, token string
			header      []string
			status      int
		}{
			{"no token", "", nil, 401},
			{"junk", "x.y.z", nil, 401},
			{"a changed token", good[:len(good)-4] + "AAAA", nil, 401},
			{"an expired token", w.issuer.Token(remotetest.WithExpired()), nil, 401},
			{"another app's token", other.Token(), nil, 401},
			{"two tokens", "", []string{"Authorization", "Bearer " + good + ", Bearer " + good}, 401},
			{"another origin", good, []string{"Origin", "https://evil.example.com"}, 403},
			{"a good token", good, nil, 200},
		} {
			got := client{t, w, tt.token}.send("GET", "/tasks", "", tt.header...)
			if got.status != tt.status || got.header.Get("Content-Type") != "application/json" {
				t.Errorf("%s: %d %s; want %d", tt.name, got.status, got.body, tt.status)
			}
		}
	})

	t.Run("two installations", func(t *testing.T) {
		mine, theirs := w.as(t, "mine"), w.as(t, "theirs")
		id := mine.add("k", "secret").id(t)
		if got := theirs.send("GET", "/tasks", ""); got.body != `{"tasks":[]}`+"\n" {
			t.Errorf("another installation sees %s", got.body)
		}
		for _, got := range []answer{
			theirs.send("PATCH", "/tasks/"+id, `{"done":true}`), theirs.send("DELETE", "/tasks/"+id, ""),
			theirs.send("PUT", "/tasks/"+id+"/file", "x", "X-File-Name", "x"), theirs.send("GET", "/tasks/"+id+"/file", ""),
		} {
			if got.status != 404 {
				t.Errorf("another installation's request is answered %d %s; want 404", got.status, got.body)
			}
		}
		// Another installation may use the same key for another task.
		if got := theirs.add("k", "own"); got.status != 201 || got.id(t) == id {
			t.Errorf("another installation's task with the same key: %d %s", got.status, got.body)
		}
		if got := mine.send("GET", "/tasks", ""); strings.Count(got.body, `"id"`) != 1 || !strings.Contains(got.body, `"name":"secret","done":false,"version":1}`) {
			t.Errorf("the tasks are %s", got.body)
		}
	})

	t.Run("repeated requests", func(t *testing.T) {
		c := w.as(t, "repeated")
		answers := make([]answer, 5)
		var group sync.WaitGroup
		for i := range answers {
			group.Go(func() { answers[i] = c.add("a, b", "once") }) // a comma does not separate keys
		}
		group.Wait()
		created := 0
		for _, got := range answers {
			if got.status == 201 {
				created++
			}
			if got.status != 200 && got.status != 201 || got.id(t) != answers[0].id(t) {
				t.Errorf("%d %s", got.status, got.body)
			}
		}
		if got := c.send("GET", "/tasks", ""); created != 1 || strings.Count(got.body, `"id"`) != 1 {
			t.Errorf("%d created, and the tasks are %s", created, got.body)
		}
		if got := c.add("a, b", "another"); got.status != 400 {
			t.Errorf("another task with the same key: %d %s", got.status, got.body)
		}
	})

	t.Run("files", func(t *testing.T) {
		c := w.as(t, "files")
		path := "/tasks/" + c.add("k", "a").id(t) + "/file"
		data := string(bytes.Repeat([]byte("\x00\xff\r\n"), 1000))
		if got := c.send("PUT", path, data, "X-File-Name", "a%20b.bin", "Content-Type", "application/x-test"); got.status != 200 {
			t.Fatalf("upload: %d %s", got.status, got.body)
		}
		got := c.send("GET", path, "")
		tag := got.header.Get("ETag")
		if got.status != 200 || got.body != data || got.header.Get("Content-Type") != "application/x-test" ||
			got.header.Get("Content-Disposition") != "attachment; filename*=UTF-8''a%20b.bin" {
			t.Errorf("download: %d, %d bytes, %v", got.status, len(got.body), got.header)
		}
		if got := c.send("HEAD", path, ""); got.status != 200 || got.body != "" || got.header.Get("ETag") != tag {
			t.Errorf("HEAD: %d %v", got.status, got.header)
		}
		if got := c.send("GET", path, "", "If-None-Match", `"x", `+tag); got.status != 304 || got.body != "" {
			t.Errorf("with its tag: %d %q; want 304", got.status, got.body)
		}
		for _, size := range []int{10<<20 + 1, 12 << 20} {
			got := c.send("PUT", path, strings.Repeat("x", size), "X-File-Name", "large")
			if got.status != 413 || !strings.Contains(got.body, "10 MB (10,485,760 bytes)") {
				t.Errorf("%d bytes: %d %s; want 413 with the limit", size, got.status, got.body)
			}
		}
		if got := c.send("GET", path, ""); got.body != data {
			t.Errorf("after refused uploads the file has %d bytes", len(got.body))
		}
		if got := c.send("DELETE", path, ""); got.status != 200 || strings.Contains(got.body, "file") {
			t.Errorf("removal: %d %s", got.status, got.body)
		}
	})

	t.Run("rename, delete, bring back", func(t *testing.T) {
		c := w.as(t, "restored")
		c.add("k", "first")
		path := "/tasks/" + c.add("k2", "a").id(t)
		c.send("PUT", path+"/file", "data", "X-File-Name", "f")
		if got := c.send("PATCH", path, `{"name":"b"}`); got.status != 200 || !strings.Contains(got.body, `"name":"b","done":false`) {
			t.Errorf("rename: %d %s", got.status, got.body)
		}
		if got := c.send("PATCH", path, `{"name":"c"}`, "If-Match", `"1"`); got.status != 412 || !strings.Contains(got.body, `"name":"b"`) {
			t.Errorf("rename of an older version: %d %s", got.status, got.body)
		}
		if got := c.add("k2", "a"); got.status != 200 {
			t.Errorf("the renamed task's key: %d %s", got.status, got.body)
		}
		if got := c.send("DELETE", path, ""); got.status != 204 {
			t.Errorf("delete: %d %s", got.status, got.body)
		}
		if got := c.send("GET", path+"/file", ""); got.status != 404 {
			t.Errorf("the file of a deleted task: %d", got.status)
		}
		for range 2 { // the second request changes nothing
			if got := c.send("POST", path+"/restore", ""); got.status != 200 || !strings.Contains(got.body, `"name":"b"`) || strings.Contains(got.body, `"after":""`) {
				t.Errorf("restore: %d %s", got.status, got.body)
			}
		}
		if got := c.send("GET", path+"/file", ""); got.status != 200 || got.body != "data" {
			t.Errorf("its file: %d %s", got.status, got.body)
		}
		if got := c.send("POST", "/tasks/none/restore", ""); got.status != 404 {
			t.Errorf("a task that never was: %d %s", got.status, got.body)
		}
	})

	t.Run("exchanged tokens", func(t *testing.T) {
		c := w.as(t, "exchanged")
		c.add("k", "mine")
		got := c.send("POST", "/token", `{"remoteKey":"tasks-api"}`, "Content-Type", "application/json")
		var token struct{ JWT, BaseURL string }
		if err := json.Unmarshal([]byte(got.body), &token); err != nil || token.BaseURL != w.gate.url {
			t.Fatalf("%d %s, %v", got.status, got.body, err)
		}
		// Another request runs in another program.
		if got := (client{t, w, token.JWT}).send("GET", "/tasks", ""); got.status != 200 || !strings.Contains(got.body, "mine") {
			t.Errorf("with it: %d %s", got.status, got.body)
		}
	})

	t.Run("paths and methods", func(t *testing.T) {
		c := w.as(t, "paths")
		for _, tt := range []struct {
			method, path string
			status       int
		}{
			{"GET", "/nope", 404}, {"GET", "//tasks", 404}, {"PUT", "/tasks", 405}, {"HEAD", "/tasks", 200}, {"HEAD", "/tasks/events", 200},
			{"POST", "/tasks", 400}, {"GET", "/healthz", 200},
		} {
			if got := c.send(tt.method, tt.path, ""); got.status != tt.status {
				t.Errorf("%s %s: %d %s; want %d", tt.method, tt.path, got.status, got.body, tt.status)
			}
		}
		preflight := client{t, w, ""}.send("OPTIONS", "/tasks", "", "Origin", "https://x.atlassian.net",
			"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization,idempotency-key")
		if allowed := preflight.header.Get("Access-Control-Allow-Headers"); preflight.status != 204 || !strings.Contains(allowed, "idempotency-key") {
			t.Errorf("preflight: %d, headers %q", preflight.status, allowed)
		}
	})
}
