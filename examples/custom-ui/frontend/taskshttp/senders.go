// Package taskshttp sends the requests of package tasks by http.Client over the bridge. It is for front ends that already have
// code for http.Client. For others it only makes the program larger.
package taskshttp

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgehttp"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// Senders returns a sender for each way, as [tasks.Bridge] does.
func Senders(client, direct *bridge.Client) tasks.Senders {
	return tasks.Senders{
		tasks.RequestRemote: sender(client, remote),
		tasks.InvokeRemote:  sender(client, invoke),
		tasks.Direct:        sender(direct, remote),
	}
}

var (
	remote = must(bridgehttp.NewTransport(tasks.RemoteKey))
	invoke = must(bridgehttp.NewInvokeTransport())
)

// must returns a transport whose options are constant, and so cannot be wrong.
func must(transport *bridgehttp.Transport, err error) *bridgehttp.Transport {
	if err != nil {
		panic(err)
	}
	return transport
}

func sender(by *bridge.Client, transport http.RoundTripper) tasks.Sender {
	client := &http.Client{Transport: transport}
	return func(ctx context.Context, r tasks.Request) (*bridge.Response, error) {
		var body io.Reader
		if r.Body != nil {
			body = bytes.NewReader(r.Body)
		}
		// A path is enough as URL: the bridge knows the rest.
		request, err := http.NewRequestWithContext(bridge.NewContext(ctx, by), r.Method, r.Path, body)
		if err != nil {
			return nil, err
		}
		maps.Copy(request.Header, r.Header)
		response, err := client.Do(request)
		if err != nil {
			return nil, err
		}
		return &bridge.Response{Status: response.StatusCode, Header: bridge.Header(response.Header), Body: response.Body}, nil
	}
}
