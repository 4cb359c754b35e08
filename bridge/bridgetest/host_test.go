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

// waysOf are the ways to the remote "tasks-api".
func waysOf(host *bridgetest.Host) map[string]way {
	to := func(client *bridge.Client) way {
		return func(ctx context.Context, r bridge.Request) (*bridge.Response, error) {
			return client.RequestRemote(ctx, "tasks-api", r)
		}
	}
	return map[string]way{"requestRemote": to(host.Client()), "invokeRemote": host.Client().InvokeRemote, "direct": to(host.DirectClient())}
}

// TestWays: all ways lead to the handler, behind the backend's own verifier.
func TestWays(t *testing.T) {
	host := bridgetest.NewHost(t, bridgetest.WithAppID("ari:cloud:ecosystem::app/0b0f5d5e-8a3e-4a9c-9d5a-3f1c2b7e6a10"),
		bridgetest.WithClaims(remotetest.Account("account-1"), remotetest.Installation("installation-1")))
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

// TestBasePath: requestRemote keeps the base's path, invokeRemote resolves against it.
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
				t.Errorf("with two remotes, %s gives %v", name, err)
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
	if _, err := host.Client().InvokeRemote(t.Context(), bridge.Request{Path: "/t"}); err != nil || uri.Load() != "tasks.example.com/t" {
		t.Errorf("invokeRemote reaches %v (%v)", uri.Load(), err)
	}
}

// TestBasesDiffer: remotes whose keys make the same host name do not share a base URL.
func TestBasesDiffer(t *testing.T) {
	host := bridgetest.NewHost(t)
	for _, key := range []string{"a-b", "a_b", "A-B", "--"} {
		host.Remote(key, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, key) }))
	}
	for _, key := range []string{"a-b", "a_b", "A-B", "--"} {
		resp, err := host.DirectClient().RequestRemote(t.Context(), key, bridge.Request{Path: "/"})
		if err != nil {
			t.Error(err)
			continue
		}
		if got, err := resp.Text(); got != key || err != nil {
			t.Errorf("%s leads to %s (%v)", key, got, err)
		}
	}
}

func TestTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := bridgetest.NewHost(t, bridgetest.WithTokenLifetime(time.Minute))
		var tokens []string
		host.Remote("tasks-api", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			tokens = append(tokens, r.Header.Get("Authorization"))
		}))
		call := func() string {
			t.Helper()
			if _, err := host.Client().RequestRemote(t.Context(), "tasks-api", bridge.Request{Path: "/"}); err != nil {
				t.Fatal(err)
			}
			return tokens[len(tokens)-1]
		}
		first := call()
		time.Sleep(57 * time.Second)
		if call() != first {
			t.Error("the page did not keep its token")
		}
		time.Sleep(time.Second)
		second := call()
		if second == first {
			t.Error("the page kept its token to the end")
		}
		host.SetClaims(remotetest.Account("another"))
		third := call()
		if third == second {
			t.Error("the page kept a token that says something else")
		}
		verifier := host.Verifier()
		claims, err := verifier.Verify(t.Context(), strings.TrimPrefix(third, "Bearer "))
		if err != nil || claims.Context.AccountID != "another" || claims.Principal != "" || claims.ExpiresAt.Sub(claims.IssuedAt) != time.Minute {
			t.Errorf("the token says %+v (%v)", claims, err)
		}
	})
}

// TestIssuer: hosts of one app share their issuer, unless they have their own.
func TestIssuer(t *testing.T) {
	own := remotetest.NewIssuer(bridgetest.DefaultAppID)
	a, b, c := bridgetest.NewHost(t), bridgetest.NewHost(t), bridgetest.NewHost(t, bridgetest.WithIssuer(own))
	if a.Issuer() != b.Issuer() || c.Issuer() != own {
		t.Error("the issuers are not those that were to be")
	}
	c.Remote("tasks-api", a.Verifier().Handler(http.HandlerFunc(say)))
	resp, err := c.Client().RequestRemote(t.Context(), "tasks-api", bridge.Request{Path: "/"})
	if err != nil || resp.Status != 401 {
		t.Errorf("a token of another issuer gives %v (%v)", resp, err)
	}
	if _, err := c.Client().InvokeRemote(t.Context(), bridge.Request{Path: "/"}); !errors.Is(err, bridge.ErrUnauthorized) {
		t.Errorf("a token of another issuer gives %v", err)
	}
}

// TestContextSaysWhatTokensSay: getContext and the token speak of the same place.
func TestContextSaysWhatTokensSay(t *testing.T) {
	host := bridgetest.NewHost(t, bridgetest.WithClaims(remotetest.Account("account-1")))
	answer, err := host.Call(t.Context(), bridge.Call{Command: "getContext"})
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(answer.Payload, &got); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"accountId": "account-1", "moduleKey": "panel", "siteUrl": "https://example.atlassian.net", "locale": "en-US", "timezone": "UTC",
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %s", name, got[name], want)
		}
	}
	if _, ok := got["workspaceId"]; ok {
		t.Error("there is a workspaceId, which Jira has not")
	}
}

func TestScripts(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.Remote("tasks-api", http.HandlerFunc(say))
	host.On("getContext", func(context.Context, json.RawMessage) (any, error) { return map[string]string{"locale": "de-DE"}, nil })
	host.OnFunction("getTasks", func(_ context.Context, payload json.RawMessage) (any, error) {
		return []string{"for " + string(payload)}, nil
	})
	host.OnFunction("fails", func(context.Context, json.RawMessage) (any, error) { return nil, errors.New("no such team") })
	host.OnFunction("nothing", func(context.Context, json.RawMessage) (any, error) { return nil, nil })
	answer, err := host.Call(t.Context(), bridge.Call{Command: "getContext"})
	if err != nil || string(answer.Payload) != `{"locale":"de-DE"}` {
		t.Errorf("getContext gives %s (%v)", answer.Payload, err)
	}
	var tasks []string
	client := host.Client()
	if err := client.Invoke(t.Context(), "getTasks", 7, &tasks); err != nil || len(tasks) != 1 || tasks[0] != "for 7" {
		t.Errorf("getTasks gives %q (%v)", tasks, err)
	}
	if err := client.Invoke(t.Context(), "nothing", nil, &tasks); err != nil {
		t.Errorf("nothing gives %v", err)
	}
	if err := client.Invoke(t.Context(), "fails", nil, nil); !errors.Is(err, bridge.ErrRejected) || !strings.HasSuffix(err.Error(), "no such team") {
		t.Errorf("a function that fails gives %v", err)
	}
	if err := client.Invoke(t.Context(), "unknown", nil, nil); err == nil || !strings.Contains(err.Error(), "Host.OnFunction") {
		t.Errorf("a function that is not there gives %v", err)
	}
	_, err = host.Call(t.Context(), bridge.Call{Command: "router.navigate"})
	var refused *bridge.HostError
	if !errors.As(err, &refused) || refused.Name != "UnknownCommandError" || refused.Code != "UNKNOWN_COMMAND" || !strings.Contains(refused.Message, "Host.On") {
		t.Errorf("an unknown command gives %#v", err)
	}
}

// TestScriptedFetch: a script of a command with a body has it in its place, and may answer with one.
func TestScriptedFetch(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.On("fetchRemote", func(_ context.Context, payload json.RawMessage) (any, error) {
		var in struct{ FetchRequestInit struct{ Path, Body string } }
		if err := json.Unmarshal(payload, &in); err != nil {
			return nil, err
		}
		return map[string]any{"status": 201, "headers": map[string]string{}, "body": in.FetchRequestInit.Path + " " + in.FetchRequestInit.Body}, nil
	})
	resp, err := host.Client().RequestRemote(t.Context(), "any", bridge.Request{Method: "POST", Path: "/t", Body: bridge.Bytes([]byte("ü"))})
	if err != nil || resp.Status != 201 {
		t.Fatalf("got %v (%v)", resp, err)
	}
	if got, err := resp.Text(); got != "/t ü" || err != nil {
		t.Errorf("got %q (%v)", got, err)
	}
}

// TestLeaving: a caller that leaves gets its context's cause at once; what the host has begun goes on, as in a page.
func TestLeaving(t *testing.T) {
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
				t.Errorf("%s: the request went on: %t", name, wentOn)
			}
		}
		for _, c := range host.Calls() {
			if c.Command != "signInvocationTokenForUI" && (!errors.Is(c.Err, context.DeadlineExceeded) || c.Took != time.Second) {
				t.Errorf("the record has %v after %v for %s", c.Err, c.Took, c.Command)
			}
		}
	})
}

// TestStreams: on the direct way a body comes in pieces, and leaving stops both sides.
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
		resp, err := host.DirectClient().RequestRemote(t.Context(), "tasks-api", bridge.Request{Path: "/events"})
		if err != nil {
			t.Fatal(err)
		}
		start, n := time.Now(), 0
		for event, err := range bridge.Events(t.Context(), resp) {
			if err != nil || event.Data != fmt.Sprint(n) || time.Since(start) != time.Duration(n)*time.Second {
				t.Fatalf("event %d is %q after %v (%v)", n, event.Data, time.Since(start), err)
			}
			if n++; n == 3 {
				break
			}
		}
		synctest.Wait()
		if gone != 2*time.Second {
			t.Errorf("the remote was told after %v", gone)
		}
		if got := host.Calls()[1].AnswerBody; got != "data: 0\n\ndata: 1\n\ndata: 2\n\n" {
			t.Errorf("the record has %q", got)
		}
	})
}

// TestRecordIsItsOwn: who changes what they sent or got does not change the record, nor what the host has.
func TestRecordIsItsOwn(t *testing.T) {
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

// TestPanics: code of the test that panics does not end the program; it is reported.
func TestPanics(t *testing.T) {
	reports := make(chan string, 10)
	host := bridgetest.NewHost(t, bridgetest.WithReport(func(problem string) { reports <- problem }))
	host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/late" {
			w.(http.Flusher).Flush()
		}
		if r.URL.Path == "/abort" {
			panic(http.ErrAbortHandler)
		}
		panic("a bug in the handler")
	}))
	host.On("broken", func(context.Context, json.RawMessage) (any, error) { panic("a bug in the script") })
	expect := func(want string) {
		t.Helper()
		if got := <-reports; !strings.Contains(got, want) {
			t.Errorf("the report is %q, want %q", got, want)
		}
	}
	for name, call := range waysOf(host) {
		for _, path := range []string{"/", "/late"} {
			resp, err := call(t.Context(), bridge.Request{Path: path})
			if err == nil {
				_, err = resp.Text()
			}
			if !errors.Is(err, bridge.ErrNetwork) {
				t.Errorf("%s: got %v", name, err)
			}
			expect(`the handler of the remote "tasks-api" panicked: a bug in the handler`)
		}
	}
	if _, err := host.Client().RequestRemote(t.Context(), "tasks-api", bridge.Request{Path: "/abort"}); !errors.Is(err, bridge.ErrNetwork) {
		t.Errorf("got %v", err)
	}
	if _, err := host.Call(t.Context(), bridge.Call{Command: "broken"}); !errors.Is(err, bridge.ErrRejected) {
		t.Errorf("got %v", err)
	}
	expect("the command broken panicked: a bug in the script")

	host.OnWithFunctions("subscribe", func(_ context.Context, _ json.RawMessage, callbacks bridgetest.Callbacks) (any, error) {
		callbacks["callback"](1)
		callbacks["callback"](2)
		return nil, nil
	})
	came := make(chan string, 2)
	_, _, err := host.CallWithFunctions(t.Context(), bridge.Call{Command: "subscribe", Payload: []byte(`{}`)}, bridge.Callback{Path: "callback", Func: func(arguments []byte) {
		came <- string(arguments)
		if string(arguments) == "[1]" {
			panic("a bug in the callback")
		}
	}})
	if first, second := <-came, <-came; err != nil || first != "[1]" || second != "[2]" {
		t.Errorf("the callback got %s and %s (%v)", first, second, err)
	}
	expect(`the callback "callback" panicked: a bug in the callback`)
	if len(reports) != 0 {
		t.Errorf("there is one report more: %s", <-reports)
	}
}

// TestClose: with the host its requests end, and later calls are refused.
func TestClose(t *testing.T) {
	host := bridgetest.NewHost(nil)
	came, ended := make(chan bool), false
	host.Remote("tasks-api", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		came <- true
		<-r.Context().Done()
		ended = true
	}))
	result := make(chan error)
	go func() {
		_, err := host.Client().RequestRemote(context.Background(), "tasks-api", bridge.Request{Path: "/"})
		result <- err
	}()
	<-came
	host.Close()
	if !ended {
		t.Error("Close did not wait for the handler")
	}
	if err := <-result; !errors.Is(err, bridge.ErrRejected) {
		t.Errorf("the call that was under way gives %v", err)
	}
	for name, call := range waysOf(host) {
		if _, err := call(t.Context(), bridge.Request{Path: "/"}); err == nil || !strings.Contains(err.Error(), "closed") {
			t.Errorf("%s: a call after Close gives %v", name, err)
		}
	}
	host.Close()
}

// TestMisuse: what a test gets wrong is told at once.
func TestMisuse(t *testing.T) {
	for name, tt := range map[string]struct {
		wrong func(*bridgetest.Host)
		want  string
	}{
		"no handler": {func(h *bridgetest.Host) { h.Remote("a", nil) }, `the remote "a" has no handler`},
		"no URL": {func(h *bridgetest.Host) {
			h.Remote("a", http.NotFoundHandler(), bridgetest.WithBaseURL("a.example.com"))
		}, `"a.example.com" is not an absolute`},
		"Fail's name":   {func(h *bridgetest.Host) { h.Fail("task-api", bridgetest.Offline()) }, `no command "task-api"; remotes: tasks-api`},
		"Delay's name":  {func(h *bridgetest.Host) { h.Delay("getcontext", 1) }, `no command "getcontext"`},
		"a bad app id":  {func(*bridgetest.Host) { bridgetest.NewHost(nil, bridgetest.WithAppID("x")).Verifier() }, "making the verifier"},
		"Count is free": {func(h *bridgetest.Host) { h.Count("anything"); panic("bridgetest: well") }, "well"},
	} {
		t.Run(name, func(t *testing.T) {
			host := bridgetest.NewHost(nil)
			defer host.Close()
			host.Remote("tasks-api", http.NotFoundHandler())
			defer func() {
				if got := fmt.Sprint(recover()); !strings.HasPrefix(got, "bridgetest: ") || !strings.Contains(got, tt.want) {
					t.Errorf("got %q, want %q", got, tt.want)
				}
			}()
			tt.wrong(host)
		})
	}
}
