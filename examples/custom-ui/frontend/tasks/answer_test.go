package tasks

import (
	"io"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"

	"github.com/forgego/forgego/bridge/bridgetest"
)

// request is one request as the backend received it.
type request struct {
	method, path, body string
	header             http.Header
}

// oneAnswer is a host whose backend answers every request in the same way, and records the requests. A test sets the
// answer before it sends a request.
type oneAnswer struct {
	*bridgetest.Host
	t      *testing.T
	status int
	header map[string]string
	body   string
	got    []request
}

func (h *oneAnswer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		h.t.Error(err)
	}
	h.got = append(h.got, request{r.Method, r.RequestURI, string(data), r.Header})
	w.Header().Set("Content-Type", "application/json")
	for name, value := range h.header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(h.status)
	_, _ = io.WriteString(w, h.body)
}

// only returns the only request that the backend received.
func (h *oneAnswer) only() request {
	h.t.Helper()
	if len(h.got) != 1 {
		h.t.Fatal("the backend got " + strconv.Itoa(len(h.got)) + " requests, not one")
	}
	return h.got[0]
}

// byBothWays runs a test in a bubble, once for each of the two ways through the host.
func byBothWays(t *testing.T, test func(t *testing.T, host *oneAnswer, backend *api)) {
	by(t, RequestRemote, test)
	by(t, InvokeRemote, test)
}

// byEachWay runs a test once for each way to the backend.
func byEachWay(t *testing.T, test func(t *testing.T, host *oneAnswer, backend *api)) {
	byBothWays(t, test)
	byDirect(t, test)
}

func byDirect(t *testing.T, test func(t *testing.T, host *oneAnswer, backend *api)) {
	by(t, Direct, test)
}

func by(t *testing.T, way Way, test func(t *testing.T, host *oneAnswer, backend *api)) {
	t.Run(way.String(), func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			host := &oneAnswer{Host: bridgetest.NewHost(t), t: t, status: 200}
			host.Remote(RemoteKey, host)
			test(t, host, &api{way: way, send: Bridge(host.Client(), host.DirectClient())[way]})
		})
	})
}
