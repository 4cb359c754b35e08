package tasks

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

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
				_, err := backend.list(t.Context())
				if err == nil {
					t.Fatal("no error")
				}
				want := c.want
				if backend.way == InvokeRemote && c.byInvoke != "" {
					want = c.byInvoke
				}
				if got := english.reason(err); got != want {
					t.Errorf("gave %q", got)
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
		{"unreachable", &bridge.HostError{Message: "Invalid response from remote - remote network error"}, "The task service could not be reached. Check your connection and try again."},
		{"unreachable for fetch", &bridge.HostError{Name: "TypeError", Message: "Failed to fetch"}, "The task service could not be reached. Check your connection and try again."},
		{"anything else", &bridge.HostError{Message: "An unexpected error happened"}, "The request was not passed on: An unexpected error happened."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			byBothWays(t, func(t *testing.T, host *oneAnswer, backend *api) {
				host.Fail(RemoteKey, bridgetest.Reject(c.failure))
				_, err := backend.list(t.Context())
				if err == nil || english.reason(err) != c.want {
					t.Errorf("gave %q for %v", english.reason(err), err)
				}
			})
		})
	}
}

// TestReasonOfOther checks the text for errors that do not come from a host.
func TestReasonOfOther(t *testing.T) {
	_, err := (&api{send: Bridge(bridge.New(nil), nil)[RequestRemote]}).list(t.Context())
	if got, want := english.reason(err), "This page has no connection to Jira or Confluence. Open the app there, or run it with “forgego dev”."; got != want {
		t.Errorf("without a host gave %q", got)
	}
	if got, want := english.reason(errors.New("no idea")), "Something went wrong: no idea."; got != want {
		t.Errorf("of an error that nobody knows gave %q", got)
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
		{"unreachable", bridge.ErrNetwork, "The task service could not be reached. Check your connection and try again."},
		{"too slow", errTooSlow, "It took longer than 120 seconds. Try again with a faster connection or a smaller file."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			byDirect(t, func(t *testing.T, host *oneAnswer, backend *api) {
				host.Fail("fetch", bridgetest.Reject(c.failure))
				_, err := backend.list(t.Context())
				if err == nil || english.reason(err) != c.want {
					t.Errorf("gave %q for %v", english.reason(err), err)
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
			t.Errorf("%v: %q, not %q", c.after, got, want)
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
				err := backend.delete(t.Context(), "1")
				bad := ""
				if r := badInput(err); r != nil {
					bad = r.message
				}
				if isGone(err) != c.gone || bad != c.bad {
					t.Errorf("isGone %t, badInput %q for %v", isGone(err), bad, err)
				}
			})
		})
	}
}
