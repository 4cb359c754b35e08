//go:build !js

package devhost

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/devhost/internal/testapp"
	"github.com/forgego/forgego/internal/supervise"
)

// unused returns the base URL of an address at which nothing listens.
func unused(t *testing.T) string {
	t.Helper()
	return "http://" + unusedAddr(t)
}

func unusedAddr(t *testing.T) string {
	t.Helper()
	addr, err := supervise.FreeAddr()
	if err != nil {
		t.Fatal(err)
	}
	return addr
}

func TestDiagnosis(t *testing.T) {
	reported := make(chan Event, 10)
	h := startHost(t, testapp.Manifest(t), settings{report: func(e Event) { reported <- e }})
	page := h.product.Origin
	ask := func(t *testing.T, input string) string {
		t.Helper()
		out, failed := askData(t, h, "diagnosis", input)
		if failed.Message != "" {
			t.Fatalf("got %+v", failed)
		}
		return fmt.Sprint(out["text"])
	}
	want := func(t *testing.T, got string, parts ...string) {
		t.Helper()
		for _, part := range parts {
			if !strings.Contains(got, part) {
				t.Errorf("got %q, want a text that contains %q", got, part)
			}
		}
	}
	const request = `{"remoteKey":"tasks-api","method":"put","path":"/tasks?q=secret","headers":["authorization"],"ms":60000}`

	t.Run("a remote that is down", func(t *testing.T) {
		base := unused(t)
		if err := h.SetRemoteURL("tasks-api", base); err != nil {
			t.Fatal(err)
		}
		reason := "the remote is down: nothing listens at " + base + "."
		if got := ask(t, request); got != reason {
			t.Errorf("got %q, want %q", got, reason)
		}
		e := <-reported
		e.Time = time.Time{}
		want := Event{Type: EventRequest, Unit: "remote", Name: "tasks-api", Remote: "tasks-api", Request: "PUT /tasks?q=…", Origin: page, Status: "failed", Text: reason}
		if !reflect.DeepEqual(e, want) {
			t.Errorf("reported %+v\nwant %+v", e, want)
		}
	})
	t.Run("a remote without CORS", func(t *testing.T) {
		site := testapp.NewSite(t, func(http.ResponseWriter, *http.Request) {})
		if err := h.SetRemoteURL("tasks-api", site.URL+"/api"); err != nil {
			t.Fatal(err)
		}
		want(t, ask(t, request), "does not allow "+page, "no Access-Control-Allow-Origin. Add "+page)
		if site.Got.Method != http.MethodOptions || site.Got.RequestURI != "/api/tasks?q=secret" || site.Got.Header.Get("Access-Control-Request-Method") != "PUT" {
			t.Errorf("the host sent %s %s %v", site.Got.Method, site.Got.RequestURI, site.Got.Header)
		}
	})
	t.Run("a failure that was seen", func(t *testing.T) {
		site := testapp.NewSite(t, func(http.ResponseWriter, *http.Request) {})
		if err := h.SetRemoteURL("tasks-api", site.URL); err != nil {
			t.Fatal(err)
		}
		h.Show(Event{Type: EventRequest, Remote: "tasks-api", Request: "PUT /tasks?q=…", Origin: page, Status: "failed", Text: "the remote panicked."})
		for len(reported) > 0 {
			<-reported
		}
		if got := ask(t, request); got != "the remote panicked." {
			t.Errorf("got %q", got)
		}
		if len(reported) > 0 {
			t.Errorf("reported %+v, although somebody has reported the failure", <-reported)
		}
		if site.Got != nil {
			t.Errorf("the host sent a request although it knows the reason: %s", site.Got.Method)
		}
		want(t, ask(t, strings.Replace(request, "/tasks", "/other", 1)), "no Access-Control-Allow-Origin")
	})
	t.Run("a remote that forgego.yml does not name", func(t *testing.T) {
		if err := h.SetRemoteURL("tasks-api", ""); err != nil {
			t.Fatal(err)
		}
		h.Show(Event{Type: EventRequest, Remote: "tasks-api", Request: "PUT /api/tasks?q=…", Origin: page, Status: "failed", Text: "the host name cannot be resolved."})
		want(t, ask(t, request), "cannot be resolved. forgego.yml does not name the remote tasks-api, so the request went to its baseUrl in manifest.yml, https://tasks.example.com/api.")
	})
	unseen := strings.Replace(request, "/tasks", "/unseen", 1)
	for name, input := range map[string]string{
		"an unknown remote":           strings.Replace(unseen, "tasks-api", "none", 1),
		"a path to another host":      strings.Replace(unseen, "/unseen", ".evil.example/", 1),
		"a method that is no token":   strings.Replace(unseen, "put", "a b", 1),
		"a header that is no token":   strings.Replace(unseen, `"authorization"`, `"a b"`, 1),
		"more than a hundred headers": strings.Replace(unseen, `["authorization"]`, `[`+strings.Repeat(`"a",`, 100)+`"a"]`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			if out, failed := askData(t, h, "diagnosis", input); failed.Code == "" || failed.Code == "INTERNAL" {
				t.Errorf("got %v, %+v, want an error with a code", out, failed)
			}
		})
	}
}

// invokeRemote's error stays the platform's. Its detail says what is wrong.
func TestInvokeRemoteSaysWhatIsWrong(t *testing.T) {
	reported := make(chan Event, 10)
	h := startHost(t, testapp.Manifest(t), settings{report: func(e Event) { reported <- e }})
	base := unused(t)
	if err := h.SetRemoteURL("tasks-api", base); err != nil {
		t.Fatal(err)
	}
	out := invokeBy(t, h, "panel", "ui-remote-fetch", `{"path":"/tasks","method":"GET"}`)
	if out.Error == nil || out.Error.Message != "Invalid response from remote - remote network error" || out.Error.Detail != "the remote is down: nothing listens at "+base+"." {
		t.Errorf("got %+v", out.Error)
	}
	if e := <-reported; e.Status != "failed" || e.Request != "GET /tasks" || e.Unit != "remote" || e.Origin != "" || e.Text != out.Error.Detail {
		t.Errorf("reported %+v", e)
	}
	site := testapp.NewSite(t, func(http.ResponseWriter, *http.Request) {
		h.Show(Event{Type: EventRequest, Remote: "tasks-api", Request: "GET /tasks", Status: "failed", Text: "the remote panicked."})
		panic(http.ErrAbortHandler)
	})
	if err := h.SetRemoteURL("tasks-api", site.URL); err != nil {
		t.Fatal(err)
	}
	out = invokeBy(t, h, "panel", "ui-remote-fetch", `{"path":"/tasks","method":"GET"}`)
	if out.Error == nil || out.Error.Detail != "the remote panicked." {
		t.Errorf("got %+v", out.Error)
	}
	if len(reported) > 0 {
		t.Errorf("reported %+v, although somebody has reported the failure", <-reported)
	}
}

func TestShow(t *testing.T) {
	h := startHost(t, testapp.Manifest(t), settings{})
	next, _ := openSocket(t, h)
	for _, origin := range []string{h.product.Origin, "", "http://other.example"} {
		h.Show(Event{Type: EventRequest, Remote: "tasks-api", Request: "GET /listed-already", Origin: origin, Status: "200"})
	}
	h.Show(Event{Type: EventRequest, Remote: "tasks-api", Request: "GET /direct", Origin: h.app.Origin, Status: "open", Number: 7})
	m := next()
	var e Event
	if err := json.Unmarshal(m.Payload, &e); err != nil || m.Type != "event" || e.Request != "GET /direct" || e.Number != 7 || e.Status != "open" || e.Time.IsZero() {
		t.Errorf("the window got %+v (%v)", m, err)
	}
}
