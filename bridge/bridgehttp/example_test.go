//go:build !js

package bridgehttp_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgehttp"
)

// product stands for a product page in these examples. In a page, use bridge.Default.
var product = bridge.New(hostFunc(func() (bridge.Answer, error) {
	return bridge.Answer{Payload: []byte(`{"status":200}`), Body: []byte("3 tasks")}, nil
}))

func ExampleNewTransport() {
	client := &http.Client{Transport: by(product, must(bridgehttp.NewTransport("tasks-api")))}
	resp, err := client.Get("/tasks?team=Forge")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	fmt.Println(resp.Status, string(body), err)
	// Output: 200 OK 3 tasks <nil>
}

func ExampleNewTransport_errors() {
	client := &http.Client{Transport: must(bridgehttp.NewTransport("tasks-api"))}
	_, err := client.Get("/tasks")
	if errors.Is(err, bridge.ErrNoBridge) {
		fmt.Println("not in a page")
	}
	// Output: not in a page
}

func ExampleNewInvokeTransport() {
	client := &http.Client{Transport: must(bridgehttp.NewInvokeTransport())}
	_, err := client.Post("/tasks", "text/plain", strings.NewReader("not JSON"))
	fmt.Println(err)
	// Output: Post "/tasks": bridge: invokeRemote: invalid request: Body: InvokeRemote sends a JSON object only; use bridge.JSON with a struct or a map, or RequestRemote for other bodies
}

func ExampleTransport() {
	// It can be wrapped like any RoundTripper.
	transport := by(product, must(bridgehttp.NewTransport("tasks-api")))
	logged := roundTripper(func(r *http.Request) (*http.Response, error) {
		fmt.Println(r.Method, r.URL)
		return transport.RoundTrip(r)
	})
	resp, err := (&http.Client{Transport: logged}).Get("/tasks")
	if err == nil {
		fmt.Println(resp.StatusCode)
	}
	// Output:
	// GET /tasks
	// 200
}

func ExampleTransport_RoundTrip() {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "/tasks", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	resp, err := by(product, must(bridgehttp.NewTransport("tasks-api"))).RoundTrip(r)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	fmt.Println(resp.Proto, resp.Status, resp.ContentLength)
	// Output: HTTP/1.1 200 OK 7
}

func ExampleWithBaseURL() {
	// As under remotes in manifest.yml. A generated client puts it before each path.
	const base = "https://tasks.example.com/api"
	client := &http.Client{Transport: by(product, must(bridgehttp.NewTransport("tasks-api", bridgehttp.WithBaseURL(base))))}
	for _, address := range []string{base + "/tasks", "https://elsewhere.example.com/tasks"} {
		_, err := client.Get(address)
		fmt.Println(err)
	}
	// Output:
	// <nil>
	// Get "https://elsewhere.example.com/tasks": bridge: requestRemote "tasks-api": invalid request: URL: it must be the remote's base URL, https://remote.invalid, or a path without a host
}

func ExampleOption() {
	options := []bridgehttp.Option{bridgehttp.WithBaseURL("https://tasks.example.com")}
	client := &http.Client{Transport: by(product, must(bridgehttp.NewTransport("tasks-api", options...)))}
	resp, err := client.Head("https://tasks.example.com/tasks")
	fmt.Println(resp.StatusCode, err)
	// Output: 200 <nil>
}

func ExamplePlaceholder() {
	client := &http.Client{Transport: by(product, must(bridgehttp.NewTransport("tasks-api")))}
	resp, err := client.Get(bridgehttp.Placeholder + "/tasks")
	fmt.Println(resp.StatusCode, err)
	// Output: 200 <nil>
}
