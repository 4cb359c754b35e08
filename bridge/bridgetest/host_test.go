package bridgetest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/remote"
	"github.com/forgego/forgego/remote/remotetest"
)

// say is a remote that answers with a JSON object.
func say(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"tasks":3}`)
}

// way is a way to a remote.
type way func(context.Context, bridge.Request) (*bridge.Response, error)

// waysOf returns the ways to the remote "tasks-api".
func waysOf(host *bridgetest.Host) map[string]way {
	to := func(client *bridge.Client) way {
		return func(ctx context.Context, r bridge.Request) (*bridge.Response, error) {
			return bridge.RequestRemote(bridge.NewContext(ctx, client), "tasks-api", r)
		}
	}
	invoke := func(ctx context.Context, r bridge.Request) (*bridge.Response, error) {
		return bridge.InvokeRemote(bridge.NewContext(ctx, host.Client()), r)
	}
	return map[string]way{"requestRemote": to(host.Client()), "invokeRemote": invoke, "direct": to(host.Client(bridge.WithDirect(bridge.HostTokens())))}
}

// TestClients checks that all ways lead to the handler, behind the backend's own verifier.
func TestClients(t *testing.T) {
	host := bridgetest.NewHost(t, bridgetest.WithAppID("ari:cloud:ecosystem::app/0b0f5d5e-8a3e-4a9c-9d5a-3f1c2b7e6a10"),
		bridgetest.WithClaims(remotetest.WithAccount("account-1"), remotetest.WithInstallation("installation-1")))
	host.Remote("tasks-api", host.Verifier(remote.WithAllowedHeaders("X-Own")).Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, ok := remote.FromContext(r.Context())
		if !ok {
			t.Error("the request has no claims")
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"uri":%q,"installation":%q,"account":%q,"principal":%q}`, r.RequestURI, claims.InstallationID(), claims.AccountID(), claims.Principal)
	})))
	for name, call := range waysOf(host) {
		resp, err := call(t.Context(), bridge.Request{Path: "/tasks?x=1"})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		principal := ""
		if name == "invokeRemote" {
			principal = "account-1" // Atlassian gives it to UI calls through its servers only
		}
		want := fmt.Sprintf(`{"uri":"/tasks?x=1","installation":"installation-1","account":"account-1","principal":%q}`, principal)
		if got, err := resp.Text(); got != want || err != nil {
			t.Errorf("%s: got %s (%v), want %s", name, got, err, want)
		}
	}
	if n := host.Count("fetchRemote") + host.Count("invoke") + host.Count("signInvocationTokenForUI") + host.Count("fetch"); n != 4 {
		t.Errorf("%d calls, want 4", n)
	}
	if n := host.Count("tasks-api"); n != 3 {
		t.Errorf("%d requests to the remote, want 3", n)
	}
	host.Reset()
	if host.Count("tasks-api") != 0 || len(host.Calls()) != 0 {
		t.Error("after Reset there is a record")
	}
}

// TestPath checks that a remote gets what a browser sends, whatever the way: existing escapes stay, and
// everything in a query is escaped.
func TestPath(t *testing.T) {
	for path, want := range map[string]string{
		`/t?q=ü"<>'`:                `/t?q=%C3%BC%22%3C%3E%27`,
		"/files/..%2F..%2Fadmin/ü":  "/files/..%2F..%2Fadmin/%C3%BC",
		"/files/a%2Fb|c^\"":         "/files/a%2Fb|c%5E%22",
		"/a%2f/%7e'()*;=@,&$!?%zz%": "/a%2f/%7e'()*;=@,&$!?%zz%",
	} {
		var uri atomic.Value
		host := bridgetest.NewHost(t)
		host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			uri.Store(r.RequestURI)
			say(w, r)
		}))
		for name, call := range waysOf(host) {
			if _, err := call(t.Context(), bridge.Request{Path: path}); err != nil || uri.Load() != want {
				t.Errorf("%s: %q reaches the remote as %v (%v), want %q", name, path, uri.Load(), err, want)
			}
			uri.Store("")
		}
	}
}

// TestBelowBasePath checks that a request stays below the base URL's path, whatever its escapes.
func TestBelowBasePath(t *testing.T) {
	var uri atomic.Value
	host := bridgetest.NewHost(t)
	host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		uri.Store(r.RequestURI)
		say(w, r)
	}), bridgetest.WithBaseURL("https://tasks.example.com/api"))
	for name, call := range waysOf(host) {
		if name == "invokeRemote" {
			continue // as documented, its path may leave the base's path
		}
		for _, path := range []string{"/../admin", "/%2e%2e/admin/ü", `/..\admin`, "/a/../../admin"} {
			if _, err := call(t.Context(), bridge.Request{Path: path}); err == nil || uri.Load() != nil {
				t.Errorf("%s: %q reaches %v (%v)", name, path, uri.Load(), err)
			}
		}
	}
}

// TestBasePath checks that requestRemote keeps the base's path and invokeRemote resolves against it.
func TestBasePath(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.Remote("other", http.NotFoundHandler())
	var uri atomic.Value
	host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		uri.Store(r.Host + r.RequestURI)
		say(w, r)
	}), bridgetest.WithBaseURL("https://tasks.example.com/api"))
	for name, call := range waysOf(host) {
		_, err := call(t.Context(), bridge.Request{Path: "/t"})
		if name == "invokeRemote" {
			if err == nil || !strings.Contains(err.Error(), "WithEndpoint") {
				t.Errorf("with two remotes, %s returns %v", name, err)
			}
			continue
		}
		if err != nil || uri.Load() != "tasks.example.com/api/t" {
			t.Errorf("%s reaches %v (%v)", name, uri.Load(), err)
		}
	}
	host = bridgetest.NewHost(t, bridgetest.WithEndpoint("tasks-api"))
	host.Remote("other", http.NotFoundHandler())
	host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		uri.Store(r.Host + r.RequestURI)
		say(w, r)
	}), bridgetest.WithBaseURL("https://tasks.example.com/api"))
	if _, err := bridge.InvokeRemote(bridge.NewContext(t.Context(), host.Client()), bridge.Request{Path: "/t"}); err != nil || uri.Load() != "tasks.example.com/t" {
		t.Errorf("invokeRemote reaches %v (%v)", uri.Load(), err)
	}
}

// TestBasesDiffer checks that remotes whose keys map to the same host name do not share a base URL.
func TestBasesDiffer(t *testing.T) {
	host := bridgetest.NewHost(t)
	for _, key := range []string{"a-b", "a_b", "A-B", "--"} {
		host.Remote(key, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, key) }))
	}
	for _, key := range []string{"a-b", "a_b", "A-B", "--"} {
		resp, err := bridge.RequestRemote(host.Context(t, bridge.WithDirect(bridge.HostTokens())), key, bridge.Request{Path: "/"})
		if err != nil {
			t.Error(err)
			continue
		}
		if got, err := resp.Text(); got != key || err != nil {
			t.Errorf("%s leads to %s (%v)", key, got, err)
		}
	}
}

// TestCanceledCallerContinues checks that a caller whose context ends gets the cause at once, while the host continues, as in a page.
func TestCanceledCallerContinues(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := bridgetest.NewHost(t)
		done := 0
		host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-time.After(5 * time.Second):
				done++
				say(w, r)
			case <-r.Context().Done():
			}
		}))
		for name, call := range waysOf(host) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			synctest.Wait()
			start, before := time.Now(), done
			_, err := call(ctx, bridge.Request{Path: "/"})
			if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
				t.Errorf("%s: got %v after %v", name, err, time.Since(start))
			}
			cancel()
			time.Sleep(10 * time.Second)
			synctest.Wait()
			if wentOn := done > before; wentOn != (name != "direct") {
				t.Errorf("%s: the handler finished: %t", name, wentOn)
			}
		}
		for _, c := range host.Calls() {
			if c.Command != "signInvocationTokenForUI" && (!errors.Is(c.Err, context.DeadlineExceeded) || c.Took != time.Second) {
				t.Errorf("the record has %v after %v for %s", c.Err, c.Took, c.Command)
			}
		}
	})
}

// TestStreams checks that on the direct way a body streams, and that leaving stops both sides.
func TestStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := bridgetest.NewHost(t)
		var gone time.Duration
		host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			start := time.Now()
			w.Header().Set("Content-Type", "text/event-stream")
			for i := 0; ; i++ {
				fmt.Fprintf(w, "data: %d\n\n", i)
				w.(http.Flusher).Flush()
				select {
				case <-time.After(time.Second):
				case <-r.Context().Done():
					gone = time.Since(start)
					return
				}
			}
		}))
		start, n := time.Now(), 0
		ctx := host.Context(t, bridge.WithDirect(bridge.HostTokens()))
		for event, err := range bridge.ServerSentEvents(ctx, "tasks-api", bridge.Request{Path: "/events"}) {
			if err != nil || event.Data != fmt.Sprint(n) || time.Since(start) != time.Duration(n)*time.Second {
				t.Fatalf("event %d is %q after %v (%v)", n, event.Data, time.Since(start), err)
			}
			if n++; n == 3 {
				break
			}
		}
		synctest.Wait()
		if gone != 2*time.Second {
			t.Errorf("the remote noticed after %v", gone)
		}
		if got := host.Calls()[1].AnswerBody; got != "data: 0\n\ndata: 1\n\ndata: 2\n\n" {
			t.Errorf("the record has %q", got)
		}
	})
}

// TestRecordIsACopy checks that changing an argument or an answer changes neither the record nor the host.
func TestRecordIsACopy(t *testing.T) {
	host := bridgetest.NewHost(t)
	var kept json.RawMessage
	host.On("same", func(_ context.Context, payload json.RawMessage) (any, error) {
		kept = payload
		return payload, nil
	})
	payload := []byte(`{"a":1}`)
	answer, err := host.Call(t.Context(), bridge.Call{Command: "same", Payload: payload})
	if err != nil {
		t.Fatal(err)
	}
	clear(payload)
	clear(answer.Payload)
	clear(host.Calls()[0].Payload)
	clear(host.Calls()[0].Answer)
	if got := host.Calls()[0].String(); got != "same\n> {\"a\":1}\n< {\"a\":1}\n" || string(kept) != `{"a":1}` {
		t.Errorf("the record has %q, the host %q", got, kept)
	}
}

// TestStreamsWithoutFlush checks that a response starts without a flush when the handler has written much.
func TestStreamsWithoutFlush(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := bridgetest.NewHost(t)
		host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, strings.Repeat("x", 3000))
			<-r.Context().Done()
		}))
		resp, err := bridge.RequestRemote(host.Context(t, bridge.WithDirect(bridge.HostTokens())), "tasks-api", bridge.Request{Path: "/"})
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if n, err := io.ReadFull(resp.Body, make([]byte, 3000)); err != nil {
			t.Errorf("got %d bytes (%v)", n, err)
		}
	})
}

// A nil option changes nothing, as everywhere.
func TestNilOptions(t *testing.T) {
	host := bridgetest.NewHost(t, nil)
	host.Remote("tasks-api", http.NotFoundHandler(), nil)
	resp, err := bridge.RequestRemote(host.Context(t, nil), "tasks-api", bridge.Request{Path: "/"})
	if err != nil || resp.Status != 404 {
		t.Errorf("got %v, %v", resp, err)
	}
}
