package bridgetest_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/internal/hosttest"
)

// contractHost returns a host as the contract requires.
func contractHost(t *testing.T, options ...bridgetest.Option) *bridgetest.Host {
	host := bridgetest.NewHost(t, options...)
	host.Remote(hosttest.RemoteKey, host.Verifier().Handler(hosttest.Remote()))
	host.On("contractSame", func(_ context.Context, payload json.RawMessage) (any, error) {
		if payload == nil {
			return nil, nil
		}
		return payload, nil
	})
	tooFar := &bridge.HostError{Name: "RangeError", Message: "too far", Code: "FAR"}
	host.On("contractRefuse", func(context.Context, json.RawMessage) (any, error) { return nil, tooFar })
	var all []bridgetest.Callbacks
	host.OnWithFunctions("contractSubscribe", func(_ context.Context, _ json.RawMessage, callbacks bridgetest.Callbacks) (any, error) {
		all = append(all, callbacks)
		emit := func(to ...bridgetest.Callbacks) bridgetest.Function {
			return func(_ context.Context, payload json.RawMessage, _ bridgetest.Callbacks) (any, error) {
				var arguments []any
				if err := json.Unmarshal(payload, &arguments); err != nil {
					return nil, err
				}
				for _, callbacks := range to {
					callbacks["callback"](arguments...)
				}
				return nil, nil
			}
		}
		join := func(_ context.Context, payload json.RawMessage, _ bridgetest.Callbacks) (any, error) {
			var texts []string
			err := json.Unmarshal(payload, &texts)
			return strings.Join(texts, "+"), err
		}
		ask := func(callbacks bridgetest.Callbacks) bridgetest.Function {
			return func(ctx context.Context, payload json.RawMessage, _ bridgetest.Callbacks) (any, error) {
				var arguments []any
				if err := json.Unmarshal(payload, &arguments); err != nil {
					return nil, err
				}
				result, err := callbacks["callback"](arguments...).Wait(ctx)
				if refusal, ok := errors.AsType[*bridge.HostError](err); ok {
					return struct {
						Name    string `json:"name"`
						Message string `json:"message"`
						Code    string `json:"code,omitempty"`
					}{refusal.Name, refusal.Message, refusal.Code}, nil
				}
				if err != nil || result == nil {
					return struct{}{}, err
				}
				return map[string]any{"returned": result}, nil
			}
		}
		return bridgetest.Object{Value: map[string]string{"name": "contract"}, Methods: map[string]bridgetest.Function{
			"emit":       emit(callbacks),
			"emitToAll":  emit(all...),
			"ask":        ask(callbacks),
			"askFirst":   ask(all[0]),
			"fail":       func(context.Context, json.RawMessage, bridgetest.Callbacks) (any, error) { return nil, tooFar },
			"join":       join,
			"inner.emit": emit(callbacks),
			"inner.join": join,
			"listen": func(_ context.Context, _ json.RawMessage, callbacks bridgetest.Callbacks) (any, error) {
				callbacks["0"]("heard")
				return bridgetest.Object{Methods: map[string]bridgetest.Function{
					"": func(context.Context, json.RawMessage, bridgetest.Callbacks) (any, error) { return "stopped", nil },
				}}, nil
			},
		}}, nil
	})
	return host
}

// prepareResults prepares a host for the cases about the commands' answers.
func prepareResults(host *bridgetest.Host) {
	host.SetModule("contract-page", "jira:globalPage")
	host.SetPermissions(map[string]any{
		"scopes":   []string{"read:jira-work"},
		"external": map[string]any{"images": []string{"https://i.example"}, "configurable": map[string]any{"enabled": true}},
	})
	host.Remote("own", http.NotFoundHandler(), bridgetest.WithConfigurable("https://own.example*"))
	jira := http.NewServeMux()
	jira.HandleFunc("GET /rest/api/3/myself", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"accountId":"me"}`)
	})
	jira.HandleFunc("DELETE /rest/api/3/issue/{key}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	host.Product("jira", jira)
	host.OnGraph("Mine", func(context.Context, json.RawMessage) (any, error) {
		return map[string]any{"data": map[string]string{"me": "x"}}, nil
	})
	host.SetFeatureFlags(map[string]bool{"contract-on": true, "contract-off": false})
	host.OnFunction("contractFunction", func(context.Context, json.RawMessage) (any, error) { return map[string]int{"tasks": 3}, nil })
	host.ObjectStore(bridgetest.ObjectFunctions{Upload: "uploadURLs", Download: "downloadURLs"})
}

// TestResults runs the cases about the commands' answers, which the page's host with the local host behind it keeps too.
func TestResults(t *testing.T) {
	for _, c := range hosttest.Results() {
		t.Run(c.Name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			host := contractHost(t, bridgetest.WithResources("main"))
			prepareResults(host)
			if err := c.Check(ctx, host); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestContract runs the contract of all hosts with the in-memory host.
func TestContract(t *testing.T) {
	checkContract(t, func(host bridge.Host) bridge.Host { return host })
}

// TestContractIntercepted checks that a host keeps the contract behind an interceptor.
func TestContractIntercepted(t *testing.T) {
	checkContract(t, func(host bridge.Host) bridge.Host {
		return bridge.Intercept(host, func(ctx context.Context, call bridge.Call, next func(context.Context, bridge.Call) (bridge.Answer, error)) (bridge.Answer, error) {
			return next(ctx, call)
		})
	})
}

func checkContract(t *testing.T, wrap func(bridge.Host) bridge.Host) {
	for _, c := range append(hosttest.Cases(), hosttest.Scripted()...) {
		t.Run(c.Name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if err := c.Check(ctx, wrap(contractHost(t))); err != nil {
				t.Error(err)
			}
		})
	}
}
