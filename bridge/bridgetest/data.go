package bridgetest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest/internal/pagefetch"
	"github.com/forgego/forgego/internal/flaghash"
	"github.com/forgego/forgego/internal/platform"
)

var dataCommands = map[string]command{
	"requestTeamworkGraph": func(ctx context.Context, w *Window, payload json.RawMessage, _ Callbacks) (any, error) {
		query, ok := membersOf(payload).text("query")
		if !ok {
			return nil, refuse(invalidRequest, "requestTeamworkGraph needs a query.")
		}
		operation := platform.GraphOperation(query)
		w.host.mu.Lock()
		f := w.host.graph[operation]
		if f == nil {
			f = w.host.graph[platform.AnyOperation]
		}
		w.host.mu.Unlock()
		if f == nil {
			return nil, unprepared(noFixture, "no answer of the Teamwork Graph to "+operation, fmt.Sprintf("Host.OnGraph(%q, …)", operation))
		}
		return f(ctx, payload)
	},
	"fetchUserRecommendations": func(context.Context, *Window, json.RawMessage, Callbacks) (any, error) {
		return nil, unprepared(noFixture, "no users to recommend", `Host.On("fetchUserRecommendations", …)`)
	},
	// The app announces what it will do with its object store. The record has the call.
	"trackObjectStoreAction": answering(nil),
	"initFeatureFlags": func(_ context.Context, w *Window, _ json.RawMessage, _ Callbacks) (any, error) {
		w.host.mu.Lock()
		defer w.host.mu.Unlock()
		flags := map[string]any{}
		for name, on := range w.host.featureFlags {
			flags[flaghash.Of(name)] = map[string]bool{"value": on}
		}
		return map[string]any{"feature_flags": flags}, nil
	},
}

// OnGraph answers queries of the Teamwork Graph, by product.QueryTeamworkGraph, whose first operation has this name: "tasks" for
// "query tasks { … }". "*" is for all others. payload is {query, variables}, and the answer is {data, errors}.
func (h *Host) OnGraph(operation string, f Command) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.graph[operation] = f
}

// SetFeatureFlags sets the feature flags that are on or off, by name. A flag that is not there has the default that the app
// passes to CheckFlag. As on the platform, flags that the app has initialized do not change.
func (h *Host) SetFeatureFlags(flags map[string]bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.featureFlags = maps.Clone(flags)
}

var productNames = []string{"jira", "confluence", "bitbucket"}

// Product answers requests to the REST API of a product, "jira", "confluence" or "bitbucket", such as bridge.RequestJira:
//
//	api := http.NewServeMux()
//	api.HandleFunc("GET /rest/api/3/myself", …)
//	host.Product("jira", api)
//
// Requests carry no credentials. Without a handler, they are refused. [Host.Fail] and [Host.Count] accept the product's name
// like a remote's key.
func (h *Host) Product(name string, handler http.Handler) {
	if h.t != nil {
		h.t.Helper()
	}
	if !slices.Contains(productNames, name) {
		h.misuse("there is no product %q; use one of %q", name, productNames)
	}
	if handler == nil {
		h.misuse("the product %q has no handler", name)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.products[name] = &remoteTarget{key: name, base: "https://" + name + ".invalid", handler: handler}
}

// fetchProduct is requestJira, requestConfluence and requestBitbucket.
func (h *Host) fetchProduct(e *entry, call bridge.Call) (bridge.Answer, error) {
	in := membersOf(call.Payload)
	name, hasName := in.text("product")
	path, hasPath := in.text("restPath")
	if !hasName || !hasPath {
		return bridge.Answer{}, refuse(invalidRequest, "fetchProduct needs a product and the path of its REST API.")
	}
	fetch, err := pagefetch.ReadInit(call.Payload, call.Body)
	if err != nil {
		return bridge.Answer{}, err
	}
	fetch.Path = path
	h.setTarget(e, name, fetch.Method, path)
	h.mu.Lock()
	target := h.products[name]
	h.mu.Unlock()
	if target == nil {
		return bridge.Answer{}, unprepared(noFixture, fmt.Sprintf("no answer to %s %s of %s", fetch.Method, path, name), fmt.Sprintf("Host.Product(%q, …)", name))
	}
	request, err := fetch.Request(target.base, "")
	if err != nil {
		return bridge.Answer{}, err
	}
	way := &transport{host: h, names: []string{call.Command, target.key}, target: target}
	response, err := way.RoundTrip(request.WithContext(h.ctx))
	if err != nil {
		return bridge.Answer{}, inPage(err)
	}
	for field := range response.Header {
		if !platform.ReturnsProductHeader(field) {
			response.Header.Del(field)
		}
	}
	return fetchAnswer(call, response)
}
