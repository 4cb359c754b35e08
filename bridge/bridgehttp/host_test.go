package bridgehttp_test

import (
	"net/http"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// baseURL is the remote's base URL in the manifest.
const baseURL = "https://tasks.example.com/api"

// host is an in-memory host with one remote, "tasks-api".
type host struct{ *bridgetest.Host }

func newHost(t testing.TB, handler http.Handler) *host {
	h := bridgetest.NewHost(t)
	h.Remote("tasks-api", handler, bridgetest.WithBaseURL(baseURL))
	return &host{h}
}

func (h *host) client() *bridge.Client { return h.Client() }

// direct returns a client that makes requests itself.
func (h *host) direct() *bridge.Client { return h.Client(bridge.WithDirect(bridge.HostTokens())) }

// count returns the number of calls.
func (h *host) count() int { return len(h.Calls()) }

// by returns a transport whose requests carry client in their context.
func by(client *bridge.Client, transport http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		sent := r.WithContext(bridge.NewContext(r.Context(), client))
		resp, err := transport.RoundTrip(sent)
		if resp != nil && resp.Request == sent {
			resp.Request = r
		}
		return resp, err
	})
}

// must returns v, and panics if there is an error.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
