//go:build !js

package bridge_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

type task struct {
	Name string `json:"name"`
}

// product returns a host that stands in for the product, with a remote that returns what it gets.
func product() *bridgetest.Host {
	host := bridgetest.NewHost(nil)
	host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.Copy(w, r.Body)
	}))
	return host
}

func ExampleRequestRemote() {
	host := product()
	defer host.Close()
	ctx := host.Context(nil) // in an app, the one of wasm.Run
	resp, err := bridge.RequestRemote(ctx, "tasks-api", bridge.Request{
		Method: "POST",
		Path:   "/tasks/?team=Forge",
		Header: bridge.Header{"X-Source": {"custom-ui"}},
		Body:   bridge.JSON(task{Name: "My cool Forge task"}),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	if !resp.OK() {
		fmt.Println(resp.Err())
		return
	}
	var created task
	fmt.Println(resp.JSON(&created), created.Name)
	// Output: <nil> My cool Forge task
}

func ExampleRequestRemote_noBridge() {
	_, err := bridge.RequestRemote(context.Background(), "tasks-api", bridge.Request{Path: "/tasks"})
	if errors.Is(err, bridge.ErrNoBridge) {
		fmt.Println("not in a page")
	}
	// Output: not in a page
}

func ExampleInvokeRemote() {
	host := product()
	defer host.Close()
	resp, err := bridge.InvokeRemote(host.Context(nil), bridge.Request{Method: "POST", Path: "/tasks", Body: bridge.JSON(task{Name: "Buy milk"})})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(resp.Text())
	// Output: {"name":"Buy milk"} <nil>
}

func ExampleInvokeRemote_rateLimit() {
	host := product()
	defer host.Close()
	_, err := bridge.InvokeRemote(host.Context(nil), bridge.Request{Method: "POST", Path: "/tasks", Body: bridge.JSON(task{Name: "Buy milk"})})
	if limited, ok := errors.AsType[*bridge.RateLimitError](err); ok {
		fmt.Println("try again in", limited.RetryAfter)
		return
	}
	fmt.Println(err)
	// Output: <nil>
}

func ExampleInvokeService() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.Service("reports", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"rows":3}`)
	}))
	report, err := bridge.Get[struct{ Rows int }](host.Context(nil), bridge.InvokeService, "/reports/open")
	fmt.Println(report.Rows, err)
	// Output: 3 <nil>
}

func ExampleInvoke() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.OnFunction("getTasks", func(context.Context, json.RawMessage) (any, error) { return []task{{"Buy milk"}}, nil })
	tasks, err := bridge.Invoke[[]task](host.Context(nil), "getTasks", map[string]string{"team": "Forge"})
	fmt.Println(tasks, err)
	// Output: [{Buy milk}] <nil>
}

func ExampleMakeInvoke() {
	getTask := bridge.MakeInvoke[int, task]("getTask") // usually a package-level variable

	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.OnFunction("getTask", func(context.Context, json.RawMessage) (any, error) { return task{"Buy milk"}, nil })
	fmt.Println(getTask(host.Context(nil), 42))
	// Output: {Buy milk} <nil>
}

func ExampleNew() {
	// With your own host, front-end logic runs anywhere. This host greets.
	client := bridge.New(hostFunc(func(_ context.Context, call bridge.Call) (bridge.Answer, error) {
		return bridge.Answer{Payload: []byte(`{"status":200}`), Body: []byte("hello")}, nil
	}))
	ctx := bridge.NewContext(context.Background(), client)
	resp, err := bridge.RequestRemote(ctx, "greeter", bridge.Request{Path: "/"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(resp.Text())
	// Output: hello <nil>
}

func ExampleNewContext() {
	// Without a client in the context, calls go to the page's own bridge. This context carries one with direct requests.
	client := bridge.New(bridge.PageHost(), bridge.WithDirect(bridge.ExchangeTokens("/token")))
	ctx := bridge.NewContext(context.Background(), client)
	fmt.Println(bridge.FromContext(ctx) == client, bridge.FromContext(context.Background()) == bridge.Default())
	// Output: true true
}

// A package that adds a command to the bridge calls the client in the context.
func ExampleClient_Call() {
	badge := func(ctx context.Context, count int) error {
		_, err := bridge.FromContext(ctx).Call(ctx, "badge.set", bridge.Call{Command: "setBadge", Payload: fmt.Appendf(nil, `{"count":%d}`, count)})
		return err
	}

	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.On("setBadge", func(_ context.Context, payload json.RawMessage) (any, error) {
		fmt.Printf("the product got %s\n", payload)
		return nil, nil
	})
	fmt.Println(badge(host.Context(nil), 3))
	// Output:
	// the product got {"count":3}
	// <nil>
}

// A command whose payload has a callback, and whose answer ends the subscription.
func ExampleClient_Subscribe() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.OnWithFunctions("onBadge", func(_ context.Context, _ json.RawMessage, callbacks bridgetest.Callbacks) (any, error) {
		callbacks["callback"](3)
		return bridgetest.Object{Methods: map[string]bridgetest.Function{
			"unsubscribe": func(context.Context, json.RawMessage, bridgetest.Callbacks) (any, error) { return nil, nil },
		}}, nil
	})
	ctx := host.Context(nil)
	counts := make(chan string)
	stop, err := bridge.FromContext(ctx).Subscribe(ctx, "badge.on", bridge.Call{Command: "onBadge", Payload: []byte(`{"callback":null}`)},
		bridge.Callback{Path: "callback", Func: func(arguments []byte) { counts <- string(arguments) }})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stop()
	fmt.Println(<-counts)
	// Output: [3]
}

func ExampleFormData() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, header, err := r.FormFile("file")
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		defer file.Close()
		fmt.Fprintf(w, "%s for %s: %d bytes", header.Filename, r.FormValue("task"), header.Size)
	}))
	form := new(bridge.FormData)
	form.Field("task", "42")
	form.File("file", "note.txt", "text/plain", []byte("Buy milk"))
	resp, err := bridge.RequestRemote(host.Context(nil), "tasks-api", bridge.Request{Method: "POST", Path: "/files", Body: form})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(resp.Text())
	// Output: note.txt for 42: 8 bytes <nil>
}
