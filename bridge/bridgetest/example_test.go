//go:build !js

package bridgetest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/remote"
	"github.com/forgego/forgego/remote/remotetest"
)

// countTasks is the front-end code that these examples test.
func countTasks(ctx context.Context) (string, error) {
	resp, err := bridge.RequestRemote(ctx, "tasks-api", bridge.Request{Path: "/tasks"})
	if err != nil {
		return "", err
	}
	if err := resp.Err(); err != nil {
		return "", err
	}
	text, err := resp.Text()
	return text + " tasks", err
}

// three is the remote of most examples.
var three = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "3") })

// The front end's code, a host and a remote. In a test, pass t to NewHost; then Close is not needed.
func Example() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.Remote("tasks-api", three)

	fmt.Println(countTasks(host.Context(nil)))

	host.Fail("tasks-api", bridgetest.Offline())
	fmt.Println(countTasks(host.Context(nil)))
	// Output:
	// 3 tasks <nil>
	//  bridge: requestRemote "tasks-api": Failed to fetch
}

func ExampleNewHost() {
	test := func(t *testing.T) {
		host := bridgetest.NewHost(t)
		host.Remote("tasks-api", three)
		if got, err := countTasks(host.Context(t)); got != "3 tasks" || err != nil {
			t.Errorf("got %q (%v)", got, err)
		}
	}
	fmt.Println(testing.RunTests(func(string, string) (bool, error) { return true, nil }, []testing.InternalTest{{Name: "TestCountTasks", F: test}}))
	// Output: true
}

// A host is a bridge.Host, for a client with other options.
func ExampleHost() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.Remote("tasks-api", three)
	client := bridge.New(host, bridge.WithDirect(bridge.HostTokens()), bridge.WithFetcher(host.Fetcher()))
	fmt.Println(countTasks(bridge.NewContext(context.Background(), client)))
	// Output: 3 tasks <nil>
}

// The context leads the package functions to the host. In a test, pass t.
func ExampleHost_Context() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.Remote("tasks-api", three)
	tasks, err := bridge.Get[int](host.Context(nil), "tasks-api", "/tasks")
	fmt.Println(tasks, err)
	// Output: 3 <nil>
}

func ExampleHost_Client() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.Remote("tasks-api", three)
	resp, err := bridge.InvokeRemote(bridge.NewContext(context.Background(), host.Client()), bridge.Request{Path: "/tasks"})
	fmt.Println(resp.Status, err)
	// Output: 200 <nil>
}

func ExampleHost_Context_direct() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "data: one\n\ndata: two\n\n")
		w.(http.Flusher).Flush()
		<-r.Context().Done() // the page has left
	}))
	ctx := host.Context(nil, bridge.WithDirect(bridge.HostTokens()))
	for event, err := range bridge.ServerSentEvents(ctx, "tasks-api", bridge.Request{Path: "/events"}) {
		fmt.Println(event.Data, err)
		if event.Data == "two" {
			break
		}
	}
	// Output:
	// one <nil>
	// two <nil>
}

func ExampleHost_Fetcher() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.Remote("tasks-api", three)
	resp, err := host.Fetcher().Fetch(context.Background(), bridge.FetchRequest{Method: "GET", URL: "https://tasks-api.example.com/tasks", Origin: "https://tasks-api.example.com"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	fmt.Println(resp.Status, string(body), err)
	// Output: 200 3 <nil>
}

func ExampleHost_Close() {
	host := bridgetest.NewHost(nil)
	host.Remote("tasks-api", three)
	host.Close()
	fmt.Println(countTasks(host.Context(nil)))
	// Output: bridge: requestRemote "tasks-api": The host in memory is closed: its test is over.
}

// A raw command, for commands without a function in package bridge.
func ExampleHost_Call() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.On("view.getTheme", func(context.Context, json.RawMessage) (any, error) { return "dark", nil })
	answer, err := host.Call(context.Background(), bridge.Call{Command: "view.getTheme"})
	fmt.Println(string(answer.Payload), err)
	// Output: "dark" <nil>
}

func ExampleHost_CallWithFunctions() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.OnWithFunctions("showFlag", func(_ context.Context, _ json.RawMessage, callbacks bridgetest.Callbacks) (any, error) {
		callbacks["actions.0.onClick"]("clicked") // the user clicks at once
		return nil, nil
	})
	clicked := make(chan string)
	_, object, err := host.CallWithFunctions(context.Background(),
		bridge.Call{Command: "showFlag", Payload: []byte(`{"actions":[{"text":"Undo"}]}`)},
		bridge.Callback{Path: "actions.0.onClick", Func: func(arguments []byte) { clicked <- string(arguments) }})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer object.Release()
	fmt.Println(<-clicked)
	// Output: ["clicked"]
}

// The real backend, behind the same verifier as in production.
func ExampleHost_Verifier() {
	host := bridgetest.NewHost(nil, bridgetest.WithClaims(remotetest.WithAccount("account-1")))
	defer host.Close()
	host.Remote("tasks-api", host.Verifier().Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, _ := remote.FromContext(r.Context())
		fmt.Fprintf(w, "%s has 3", claims.AccountID())
	})))
	fmt.Println(countTasks(host.Context(nil)))
	// Output: account-1 has 3 tasks <nil>
}

func ExampleHost_Issuer() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	claims, err := host.Verifier().Verify(context.Background(), host.Issuer().Token())
	fmt.Println(claims.App.ID == bridgetest.DefaultAppID, err)
	// Output: true <nil>
}

func ExampleHost_Remote() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /tasks", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "3") })
	host.Remote("tasks-api", mux)
	fmt.Println(countTasks(host.Context(nil)))
	// Output: 3 tasks <nil>
}

func ExampleHost_On() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.On("getContext", func(context.Context, json.RawMessage) (any, error) {
		return map[string]any{"locale": "de-DE", "extension": map[string]any{"issue": map[string]any{"key": "DEMO-1"}}}, nil
	})
	answer, err := host.Call(context.Background(), bridge.Call{Command: "getContext"})
	fmt.Println(string(answer.Payload), err)
	// Output: {"extension":{"issue":{"key":"DEMO-1"}},"locale":"de-DE"} <nil>
}

func ExampleCommand() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	var refuse bridgetest.Command = func(context.Context, json.RawMessage) (any, error) {
		return nil, &bridge.HostError{Name: "BridgeAPIError", Message: "this component is not a modal"}
	}
	host.On("close", refuse)
	_, err := host.Call(context.Background(), bridge.Call{Command: "close"})
	fmt.Println(err)
	// Output: this component is not a modal
}

// A subscription: the payload has a callback, and the answer is a function that ends it.
func ExampleHost_OnWithFunctions() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.OnWithFunctions("events.on", func(_ context.Context, _ json.RawMessage, callbacks bridgetest.Callbacks) (any, error) {
		callbacks["callback"](map[string]string{"task": "4"})
		end := func(context.Context, json.RawMessage, bridgetest.Callbacks) (any, error) { return "ended", nil }
		return bridgetest.Object{Methods: map[string]bridgetest.Function{"": end}}, nil
	})
	came := make(chan string)
	_, subscription, err := host.CallWithFunctions(context.Background(), bridge.Call{Command: "events.on", Payload: []byte(`{"event":"task"}`)},
		bridge.Callback{Path: "callback", Func: func(arguments []byte) { came <- string(arguments) }})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer subscription.Release()
	fmt.Println(<-came)
	answer, _, err := subscription.Apply(context.Background(), "", []byte("[]"))
	fmt.Println(string(answer.Payload), err)
	// Output:
	// [{"task":"4"}]
	// "ended" <nil>
}

func ExampleObject() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.OnWithFunctions("createHistory", func(context.Context, json.RawMessage, bridgetest.Callbacks) (any, error) {
		return bridgetest.Object{
			Value: map[string]string{"action": "POP"},
			Methods: map[string]bridgetest.Function{
				"push": func(_ context.Context, arguments json.RawMessage, _ bridgetest.Callbacks) (any, error) {
					return "pushed " + string(arguments), nil
				},
			},
		}, nil
	})
	answer, history, err := host.CallWithFunctions(context.Background(), bridge.Call{Command: "createHistory"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer history.Release()
	fmt.Println(string(answer.Payload))
	answer, _, err = history.Apply(context.Background(), "push", []byte(`["/a"]`))
	fmt.Println(string(answer.Payload), err)
	// Output:
	// {"action":"POP","push":{}}
	// "pushed [\"/a\"]" <nil>
}

func ExampleFunction() {
	var upper bridgetest.Function = func(_ context.Context, arguments json.RawMessage, _ bridgetest.Callbacks) (any, error) {
		var texts []string
		err := json.Unmarshal(arguments, &texts)
		return len(texts), err
	}
	fmt.Println(upper(context.Background(), json.RawMessage(`["a","b"]`), nil))
	// Output: 2 <nil>
}

func ExampleCallbacks() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.OnWithFunctions("refresh", func(_ context.Context, _ json.RawMessage, callbacks bridgetest.Callbacks) (any, error) {
		for i := range 3 {
			callbacks["onChange"](i)
		}
		return nil, nil
	})
	came := make(chan string, 3)
	_, object, err := host.CallWithFunctions(context.Background(), bridge.Call{Command: "refresh", Payload: []byte(`{}`)},
		bridge.Callback{Path: "onChange", Func: func(arguments []byte) { came <- string(arguments) }})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer object.Release()
	fmt.Println(<-came, <-came, <-came)
	// Output: [0] [1] [2]
}

func ExampleHost_OnFunction() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.OnFunction("getTasks", func(context.Context, json.RawMessage) (any, error) { return []string{"Buy milk"}, nil })
	ctx := bridge.NewContext(context.Background(), host.Client())
	tasks, err := bridge.Invoke[[]string](ctx, "getTasks", nil)
	fmt.Println(tasks, err)
	// Output: [Buy milk] <nil>
}

func ExampleHost_Calls() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.Remote("tasks-api", three)
	_, _ = countTasks(host.Context(nil))
	for _, call := range host.Calls() {
		fmt.Println(call.Command, call.Remote, call.Method, call.Path, call.AnswerBody, call.Err)
	}
	// Output: fetchRemote tasks-api GET /tasks 3 <nil>
}

func ExampleCall() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.On("getContext", func(context.Context, json.RawMessage) (any, error) { return map[string]string{"locale": "de-DE"}, nil })
	_, err := host.Call(context.Background(), bridge.Call{Command: "getContext"})
	call := host.Calls()[0]
	fmt.Println(call.Command, string(call.Answer), call.Done, err)
	// Output: getContext {"locale":"de-DE"} true <nil>
}

func ExampleCall_String() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	_, _ = countTasks(host.Context(nil))
	fmt.Print(host.Calls()[0])
	// Output:
	// fetchRemote
	// > {
	// >   "remoteKey": "tasks-api",
	// >   "fetchRequestInit": {"path":"/tasks","headers":[],"body":null},
	// >   "isMultipartFormData": false
	// > }
	// ! Error: unknown remote "tasks-api": the host has none; add it by Host.Remote (UNKNOWN_REMOTE)
}

func ExampleHost_Count() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.Remote("tasks-api", three)
	_, _ = countTasks(host.Context(nil))
	_, _ = countTasks(host.Context(nil))
	fmt.Println(host.Count("fetchRemote"), host.Count("tasks-api"), host.Count("invoke"))
	// Output: 2 2 0
}

func ExampleHost_Reset() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.Remote("tasks-api", three)
	_, _ = countTasks(host.Context(nil))
	host.Reset()
	_, _ = countTasks(host.Context(nil))
	fmt.Println(host.Count("tasks-api"))
	// Output: 1
}

func ExampleHost_WriteCalls() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.Remote("tasks-api", three)
	_, _ = countTasks(host.Context(nil))
	if err := host.WriteCalls(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// fetchRemote tasks-api: GET /tasks
	// > {
	// >   "remoteKey": "tasks-api",
	// >   "fetchRequestInit": {"path":"/tasks","headers":[],"body":null},
	// >   "isMultipartFormData": false
	// > }
	// < {
	// <   "status": 200,
	// <   "statusText": "OK",
	// <   "headers": {"content-length":"1","content-type":"text/plain; charset=utf-8"},
	// <   "isAttachment": false
	// < }
	// < | 3
}
