package direct

import (
	"context"
	"flag"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/test/harness/browser"
)

type answer struct {
	Status           int
	Text, Type, URL  string
	Error, Kind      string
	MS, Bytes, Grown int64
}

func TestRequestsReachTheRemote(t *testing.T) { everywhere(t, requestsReachTheRemote) }

func requestsReachTheRemote(t *testing.T, s *site) {
	t.Run("get", func(t *testing.T) {
		var got answer
		s.run(t, &got, "get", "backend", "/small")
		if got.Status != 200 || got.Text != "small" || !strings.HasSuffix(got.URL, "/small") {
			t.Errorf("got %+v", got)
		}
		s.run(t, &got, "get", "backend", "/status")
		if got.Status != 204 || got.Text != "" {
			t.Errorf("without a body: got %+v", got)
		}
	})
	t.Run("bodies arrive byte for byte", func(t *testing.T) {
		var wrong []string
		s.run(t, &wrong, "bodies")
		if len(wrong) > 0 {
			t.Error(wrong)
		}
	})
	errors := map[string]struct{ remote, path, kind, text string }{
		"redirect":            {"backend", "/redirect", "invalid response", "redirect"},
		"redirect away":       {"backend", "/redirect-away", "invalid response", "redirect"},
		"path":                {"backend", "//evil.example", "invalid request", "Path"},
		"unknown remote":      {"nobody", "/", "unknown remote", "nobody"},
		"not in the manifest": {"undeclared", "/small", "blocked", `"- remote: undeclared" under permissions.external.fetch.client`},
	}
	for name, tt := range errors {
		t.Run(name, func(t *testing.T) {
			var got answer
			s.run(t, &got, "get", tt.remote, tt.path)
			if got.Kind != tt.kind || !strings.Contains(got.Error, tt.text) {
				t.Errorf("got %q: %s; want %q with %q", got.Kind, got.Error, tt.kind, tt.text)
			}
		})
	}
	t.Run("an unknown remote is asked for once", func(t *testing.T) {
		var mints int
		s.run(t, &mints, "backoff", "nobody at all")
		if mints != 1 {
			t.Errorf("%d token requests, want 1", mints)
		}
	})
	t.Run("a revoked token is replaced", func(t *testing.T) {
		var got answer
		s.run(t, &got, "get", "backend", "/small")
		before := s.host.Faults().State().Mints
		if err := s.host.Faults().Revoke(); err != nil {
			t.Fatal(err)
		}
		// The remote looks for new keys once a second. Until then it accepts the token that it knows.
		s.page.Until("a new token", func(context.Context) (bool, error) {
			s.run(t, &got, "get", "backend", "/small")
			if got.Status != 200 {
				t.Errorf("got %+v", got)
			}
			return s.host.Faults().State().Mints > before, nil
		})
		if mints := s.host.Faults().State().Mints - before; mints != 1 {
			t.Errorf("%d new tokens, want 1", mints)
		}
	})
	t.Run("the remote is down", func(t *testing.T) {
		s.host.SetRemoteURL("backend", "http://127.0.0.1:9")
		var got answer
		s.run(t, &got, "forget", "backend")
		s.run(t, &got, "get", "backend", "/small")
		if got.Kind != "network" && got.Kind != "blocked" { // port 9 is not in the policy of the open page
			t.Errorf("got %q: %s", got.Kind, got.Error)
		}
	})
	s.checkNoTokens(t)
}

func TestStreamsAreReadInPieces(t *testing.T) { everywhere(t, streamsAreReadInPieces) }

func streamsAreReadInPieces(t *testing.T, s *site) {
	t.Run("200 MB in little memory", func(t *testing.T) {
		var got answer
		s.run(t, &got, "big", "200")
		if got.Bytes != 200<<20 || got.Grown > 64<<20 {
			t.Errorf("read %d bytes, the memory grew by %d (%s)", got.Bytes, got.Grown, got.Error)
		}
	})
	t.Run("events, over several connections", func(t *testing.T) {
		var got []string
		s.run(t, &got, "events", "5")
		want := []string{"世1 tick a", "世2 message b\nc", "世3 tick a", "世4 message b\nc", "世5 tick a"}
		if s.page.Engine == browser.WebKit {
			// WebKit encodes a header's Latin-1 as UTF-8, so the remote does not know the id and starts again.
			want = []string{"世1 tick a", "世2 message b\nc", "世1 tick a", "世2 message b\nc", "世1 tick a"}
		}
		if n := s.backend.connections.Load(); !reflect.DeepEqual(got, want) || n != 3 {
			t.Errorf("got %q over %d connections, want %q over 3", got, n, want)
		}
	})
	s.checkNoTokens(t)
}

// TestElementsStream checks bridge.Stream with an array that does not end.
func TestElementsStream(t *testing.T) { everywhere(t, elementsStream) }

func elementsStream(t *testing.T, s *site) {
	for how, kind := range map[string]string{"leave": "", "cancel": "canceled"} {
		t.Run(how, func(t *testing.T) {
			var got struct {
				Names []string
				Kind  string
			}
			s.run(t, &got, "elements", how)
			if want := []string{"Grüße", "b", "c"}; !reflect.DeepEqual(got.Names, want) || got.Kind != kind {
				t.Errorf("got %q and the error %q, want %q and %q", got.Names, got.Kind, want, kind)
			}
			if path := s.gone(t); path != "/elements" {
				t.Errorf("the connection of %s was closed", path)
			}
		})
	}
	s.checkNoTokens(t)
}

// TestRefusalIsRead checks the error for a status, from a body that does not end and repeats the token.
func TestRefusalIsRead(t *testing.T) { everywhere(t, refusalIsRead) }

func refusalIsRead(t *testing.T, s *site) {
	var got answer
	s.run(t, &got, "refused")
	if want := `bridge: requestRemote "backend": the remote answered 409 Conflict: Not with Bearer [token]`; got.Error != want {
		t.Errorf("got %q, want %q", got.Error, want)
	}
	if path := s.gone(t); path != "/refused" {
		t.Errorf("the connection of %s was closed", path)
	}
	s.checkNoTokens(t)
}

func TestCancelClosesTheConnection(t *testing.T) { everywhere(t, cancelClosesTheConnection) }

func cancelClosesTheConnection(t *testing.T, s *site) {
	var warm answer
	s.run(t, &warm, "get", "backend", "/small")
	for _, when := range []string{"header", "body", "idle", "close"} {
		t.Run(when, func(t *testing.T) {
			var got answer
			s.run(t, &got, "cancel", when)
			if want := map[string]string{"close": "other"}[when]; want == "" && got.Kind != "canceled" || want != "" && got.Kind != want {
				t.Errorf("got %q: %s", got.Kind, got.Error)
			}
			if path := s.gone(t); path != "/"+when {
				t.Errorf("the connection of %s was closed, want that of /%s", path, when)
			}
			t.Logf("the call ended after %d ms", got.MS)
		})
	}
	t.Run("before", func(t *testing.T) {
		var got answer
		s.run(t, &got, "cancel", "before")
		if got.Kind != "canceled" {
			t.Errorf("got %q: %s", got.Kind, got.Error)
		}
	})
	s.checkNoTokens(t)
}

var (
	calls    = flag.Int("calls", 2000, "how many calls TestCallsLeaveNothingBehind makes")
	renewals = flag.Int("renewals", 2, "how many renewals TestTokensAreRenewedWithoutAWait waits for, 4 s each")
)

// TestCallsLeaveNothingBehind counts what calls leave behind. A tenth of them are aborted.
func TestCallsLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	everywhere(t, callsLeaveNothingBehind)
}

func callsLeaveNothingBehind(t *testing.T, s *site) {
	var made int
	var before, after struct{ References, Goroutines int }
	s.run(t, &made, "abort", "250")
	s.run(t, &before, "count")
	for n := 0; n < *calls; n += made { // in parts, because each wait has a time limit
		s.run(t, &made, "abort", "250")
	}
	s.run(t, &after, "count")
	// The test itself holds a few values more or less each time. A leak would add hundreds.
	const noise = 10
	if after.References > before.References+noise || after.Goroutines > before.Goroutines+noise {
		t.Errorf("%d calls left %d references to JavaScript values and %d goroutines", *calls, after.References-before.References, after.Goroutines-before.Goroutines)
	}
	s.checkNoTokens(t)
}

// TestTokensAreRenewedWithoutAWait makes calls of all kinds, one after the other, with tokens that live for 6 s. A call may
// take 2 s: after a longer one the token has ended before the next call could renew it.
func TestTokensAreRenewedWithoutAWait(t *testing.T) {
	s := newSite(t, app, 6*time.Second)
	var total struct {
		Calls, Waits, Renewals, Mints int
		Failures                      []string
	}
	for range *renewals { // in parts, because each wait has a time limit
		part := total
		s.run(t, &part, "steady", "1")
		total.Calls += part.Calls
		total.Waits += part.Waits
		total.Renewals += part.Renewals
		total.Failures = append(total.Failures, part.Failures...)
	}
	t.Logf("%d calls, %d renewals", total.Calls, total.Renewals)
	if len(total.Failures) > 0 || total.Waits != 1 {
		t.Errorf("%d failures %v, %d waits in %d calls; want none, and 1", len(total.Failures), total.Failures, total.Waits, total.Calls)
	}
	s.checkNoTokens(t)
}

// checkNoTokens looks for tokens in places where they must not be. A JSON object in base64 begins with "eyJ".
func (s *site) checkNoTokens(t *testing.T) {
	t.Helper()
	places := map[string]string{
		"the console": s.page.ConsoleText(), "the product's page": s.page.Text(), "the app's page": s.frame.Text(), "the logs": output.String(),
	}
	for place, text := range places {
		if strings.Contains(text, "eyJ") {
			t.Errorf("a token is in %s", place)
		}
	}
	tokens := 0
	s.backend.tokens.Range(func(token, _ any) bool {
		if strings.HasPrefix(token.(string), "Bearer eyJ") {
			tokens++
		}
		return true
	})
	if tokens == 0 {
		t.Error("the remote got no tokens, so this test checks nothing")
	}
}
