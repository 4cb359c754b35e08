package relay_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/internal/relay"
)

func TestExchange(t *testing.T) {
	r, reported := forwarding(t, handle(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.WriteHeader(http.StatusCreated)
		_, _ = io.Copy(w, r.Body)
	}))
	before := time.Now()
	ask(t, r.Addr(), "POST /a%2Fb?limit=5&q=words HTTP/1.1\r\nHost: a\r\nOrigin: http://page.example\r\nContent-Length: 3\r\n\r\nabc")
	e := reported.next(t)
	if e.Start.Before(before) || e.Duration <= 0 || e.Held != 0 {
		t.Errorf("times: %v, %v, %v", e.Start, e.Duration, e.Held)
	}
	e.Start, e.Duration, e.Held = time.Time{}, 0, 0
	want := relay.Exchange{Number: 1, Phase: relay.Ended, Method: "POST", Path: "/a%2Fb?limit=…&q=…", Origin: "http://page.example", Status: 201, RequestBytes: 3, ResponseBytes: 3}
	if e != want {
		t.Errorf("reported %+v\nwant %+v", e, want)
	}
	ask(t, r.Addr(), "OPTIONS / HTTP/1.1\r\nHost: a\r\nOrigin: http://page.example\r\nAccess-Control-Request-Method: PUT\r\n\r\n")
	for _, phase := range []relay.Phase{relay.Began, relay.Ended} {
		if e := reported.next(t); e.Phase != phase || e.Number != 2 || !e.Preflight || e.Problem == nil || e.Problem.Kind != relay.CORS || e.Canceled {
			t.Errorf("reported %+v", e)
		}
	}
}

func TestProblems(t *testing.T) {
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	down := nobody.Addr().String()
	nobody.Close()
	for _, c := range []struct {
		name, answer string
		want         relay.Problem
		status       int
	}{
		{"nothing listens", "down", relay.Problem{Kind: relay.Down, Text: "the remote is down: nothing listens at " + down + "."}, 0},
		{"no answer", "", relay.Problem{Kind: relay.Broken, Text: "the remote closed the connection without an answer. A panic in a Go handler does that; see the remote's output."}, 0},
		{"half of a head", "HTTP/1.1 200 OK\r\nContent-", relay.Problem{Kind: relay.Broken, Text: "the remote closed the connection without an answer. A panic in a Go handler does that; see the remote's output."}, 0},
		{"half of a body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", relay.Problem{Kind: relay.Broken, Text: "the remote closed the connection after 4 bytes of its answer's body, before the end. A panic in a Go handler does that; see the remote's output."}, 200},
		{"another protocol", "220 mail.example ESMTP secret\r\n\r\n", relay.Problem{Kind: relay.Broken, Text: "the remote's answer is not valid HTTP/1."}, 0},
		{"an impossible status", "HTTP/1.1 007 Secret\r\n\r\n", relay.Problem{Kind: relay.Broken, Text: "the remote's answer is not valid HTTP/1."}, 0},
		{"a page may not read it", plainAnswer, relay.Problem{Kind: relay.CORS, Text: "the remote does not allow http://127.0.0.1:8765 to read its answers: it sent no Access-Control-Allow-Origin. Allow the origins in FORGE_ALLOWED_ORIGINS."}, 200},
		{"a page may not read half of a body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", relay.Problem{Kind: relay.Broken, Text: "the remote closed the connection after 4 bytes of its answer's body, before the end. A panic in a Go handler does that; see the remote's output."}, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			addr := down
			if c.answer != "down" {
				addr, _ = raw(t, c.answer)
			}
			r, reported := forwarding(t, addr)
			request := plainRequest
			if strings.HasPrefix(c.name, "a page") {
				request = fields("Origin: http://127.0.0.1:8765\r\n")
			}
			ask(t, r.Addr(), request)
			e := reported.next(t)
			if e.Phase == relay.Began && e.Problem != nil && e.Problem.Kind == relay.CORS {
				e = reported.next(t)
			}
			if e.Problem == nil || *e.Problem != c.want || e.Status != c.status || e.Canceled {
				t.Errorf("reported %+v, %+v\nwant %+v", e, e.Problem, c.want)
			}
		})
	}
}

// TestReportsHoldNoSecrets sends a secret in each place where requests and answers have one.
func TestReportsHoldNoSecrets(t *testing.T) {
	r, reported := forwarding(t, handle(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", "session=secret")
		w.Header().Set("X-Token", "secret")
		_, _ = io.WriteString(w, "secret")
		if r.URL.Path == "/broken" {
			http.NewResponseController(w).Flush()
			panic("secret")
		}
	}))
	request := " /%s?token=secret&secret&a=b=secret&=secret#secret HTTP/1.1\r\nHost: secret.example\r\nOrigin: http://page.example\r\nReferer: http://page.example/secret\r\n" +
		"Authorization: Bearer secret\r\nProxy-Authorization: secret\r\nCookie: a=secret\r\nX-Secret: secret\r\nTraceparent: secret\r\nContent-Length: 6\r\n\r\nsecret"
	for _, path := range []string{"ok", "broken"} {
		ask(t, r.Addr(), "POST"+fmt.Sprintf(request, path))
		for _, phase := range []relay.Phase{relay.Began, relay.Ended} {
			e := reported.next(t)
			if e.Problem == nil || e.Phase != phase {
				t.Fatalf("reported %+v", e)
			}
			if text := fmt.Sprintf("%+v %+v", e, *e.Problem); strings.Contains(text, "secret") {
				t.Error(text)
			}
		}
	}
	r.Hold()
	answer := later(t, r.Addr(), "POST"+fmt.Sprintf(request, "held"))
	until(t, "the request waits", func() bool { return r.Waiting() == 1 })
	r.Fail(nil)
	receive(t, answer)
	e := reported.next(t)
	if text := fmt.Sprintf("%+v %+v", e, *e.Problem); strings.Contains(text, "secret") || e.Problem.Text != "the remote is down." {
		t.Error(text)
	}
}
