package diagnosis

import (
	"fmt"
	"testing"
	"time"
)

func TestSeen(t *testing.T) {
	var s Seen
	at := time.Unix(1_800_000_000, 0)
	add := func(remote, request, origin, text string, seconds int) {
		s.Add(Failure{Remote: remote, Request: request, Origin: origin, Text: text, Time: at.Add(time.Duration(seconds) * time.Second)})
	}
	add("api", "GET /a?b=…", "http://page", "first", 1)
	add("api", "GET /a?b=…", "http://page", "second", 2)
	add("api", "OPTIONS /p", "http://page", "preflight", 3)
	add("api", "GET /none", "", "no page", 4)
	for _, c := range []struct {
		name, remote, method, target, origin string
		since                                int
		want                                 string
	}{
		{"the newest", "api", "GET", "/a?b=…", "http://page", 0, "second"},
		{"of a preflight request", "api", "PUT", "/p", "http://page", 0, "preflight"},
		{"without a page", "api", "GET", "/none", "", 0, "no page"},
		{"an older one", "api", "GET", "/a?b=…", "http://page", 2, ""},
		{"another remote", "other", "GET", "/a?b=…", "http://page", 0, ""},
		{"another method", "api", "POST", "/a?b=…", "http://page", 0, ""},
		{"another target", "api", "GET", "/a", "http://page", 0, ""},
		{"another page", "api", "GET", "/a?b=…", "http://other", 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := s.Find(c.remote, c.method, c.target, c.origin, at.Add(time.Duration(c.since)*time.Second)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestSeenLast(t *testing.T) {
	var s Seen
	at := time.Unix(1_800_000_000, 0)
	s.Add(Failure{Remote: "api", Text: "no page", Time: at})
	s.Add(Failure{Remote: "api", Text: "a page", Origin: "http://page", Time: at.Add(time.Second)})
	s.Add(Failure{Remote: "other", Text: "other", Time: at.Add(time.Second)})
	if got := s.Last("api", at.Add(-time.Second)); got != "no page" {
		t.Errorf("got %q", got)
	}
	if got := s.Last("api", at); got != "" {
		t.Errorf("after the failure: got %q", got)
	}
}

func TestSeenIsBounded(t *testing.T) {
	var s Seen
	for i := range 3 * seenLimit {
		s.Add(Failure{Remote: "api", Request: fmt.Sprintf("GET /%d", i), Text: "x", Time: time.Unix(1, 0)})
	}
	if len(s.last) != seenLimit {
		t.Errorf("it remembers %d failures, want %d", len(s.last), seenLimit)
	}
	if s.Find("api", "GET", fmt.Sprintf("/%d", 3*seenLimit-1), "", time.Time{}) == "" || s.Find("api", "GET", "/0", "", time.Time{}) != "" {
		t.Error("it does not keep the newest failures")
	}
}
