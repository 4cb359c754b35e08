package main

import (
	"context"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
)

// request is one request as it reached the backend.
type request struct {
	method, path, body string
	header             bridge.Header
}

// fakeHost stands in for the product, and for the browser's fetch. It gives the same answer by each way.
type fakeHost struct {
	t   *testing.T
	got []request
	// commands are the commands of all calls.
	commands []string
	// status, header and body are what the backend answers; failure, if set, is what the host rejects calls with.
	status  int
	header  map[string]string
	body    string
	failure error
	// before runs while the call is under way.
	before func(ctx context.Context) error
}

func (h *fakeHost) Call(ctx context.Context, call bridge.Call) (bridge.Answer, error) {
	h.commands = append(h.commands, call.Command)
	if h.before != nil {
		if err := h.before(ctx); err != nil {
			return bridge.Answer{}, err
		}
	}
	if h.failure != nil {
		return bridge.Answer{}, h.failure
	}
	switch call.Command {
	case "fetchRemote":
		return h.fetchRemote(call)
	case "invoke":
		return h.invoke(call)
	}
	h.t.Errorf("the page sent the command %q", call.Command)
	return bridge.Answer{}, bridge.ErrNoBridge
}

// Fetch answers a request of the direct way.
func (h *fakeHost) Fetch(ctx context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error) {
	h.commands = append(h.commands, "fetch")
	if h.before != nil {
		if err := h.before(ctx); err != nil {
			return bridge.FetchResponse{}, err
		}
	}
	if h.failure != nil {
		return bridge.FetchResponse{}, h.failure
	}
	if got := r.Header.Get("Authorization"); got != "Bearer the token" {
		h.t.Errorf("the authorization is %q", got)
	}
	path, ok := strings.CutPrefix(r.URL, "https://tasks.example.com")
	if !ok {
		h.t.Errorf("the token goes to %s", r.URL)
	}
	h.got = append(h.got, request{method: r.Method, path: path, body: string(r.Body), header: r.Header})
	answer := bridge.FetchResponse{Status: h.status, Header: bridge.Header{}, Body: io.NopCloser(strings.NewReader(h.body))}
	for name, value := range h.header {
		answer.Header.Set(name, value)
	}
	return answer, nil
}

// directTo gives the direct way to f.
func directTo(f bridge.Fetcher) way {
	token := bridge.StaticToken(bridge.Token{
		Value:     bridge.NewSecret("the token"),
		ExpiresAt: time.Now().Add(24 * time.Hour),
		BaseURL:   "https://tasks.example.com",
	})
	return direct(bridge.New(nil, bridge.Direct(token, bridge.WithFetcher(f))))
}

func (h *fakeHost) fetchRemote(call bridge.Call) (bridge.Answer, error) {
	var payload struct {
		RemoteKey        string
		FetchRequestInit struct {
			Path, Method string
			Headers      [][2]string
		}
	}
	h.read(call.Payload, &payload)
	if payload.RemoteKey != "tasks-api" {
		h.t.Errorf("remoteKey is %q", payload.RemoteKey)
	}
	init := payload.FetchRequestInit
	x := request{method: init.Method, path: init.Path, body: string(call.Body), header: bridge.Header{}}
	for _, field := range init.Headers {
		x.header.Add(field[0], field[1])
	}
	h.got = append(h.got, x)
	headers := h.header
	if headers == nil {
		headers = map[string]string{} // null is no headers to a fetch
	}
	return bridge.Answer{
		Payload: h.write(map[string]any{"status": h.status, "headers": headers}),
		Body:    []byte(h.body),
	}, nil
}

func (h *fakeHost) invoke(call bridge.Call) (bridge.Answer, error) {
	var payload struct {
		Path, Method, InvokeType string
		Headers                  map[string]string
		Body                     json.RawMessage
	}
	h.read(call.Payload, &payload)
	if payload.InvokeType != "ui-remote-fetch" {
		h.t.Errorf("invokeType is %q", payload.InvokeType)
	}
	x := request{method: payload.Method, path: payload.Path, body: string(payload.Body), header: bridge.Header{}}
	for name, value := range payload.Headers {
		x.header.Add(name, value)
	}
	h.got = append(h.got, x)
	answer := map[string]any{"status": h.status, "headers": h.header}
	if json.Valid([]byte(h.body)) {
		answer["body"] = json.RawMessage(h.body)
	}
	success := h.status >= 200 && h.status <= 299
	outcome := "payload"
	if !success {
		outcome = "error"
	}
	return bridge.Answer{Payload: h.write(map[string]any{"success": success, outcome: answer})}, nil
}

func (h *fakeHost) read(payload []byte, v any) {
	if err := json.Unmarshal(payload, v); err != nil {
		h.t.Errorf("the payload %s: %v", payload, err)
	}
}

func (h *fakeHost) write(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		h.t.Errorf("the answer: %v", err)
	}
	return b
}

// byBothWays runs a test once for each way by the host.
func byBothWays(t *testing.T, test func(t *testing.T, host *fakeHost, backend *tasks)) {
	for _, make := range []func(*fakeHost) way{
		func(h *fakeHost) way { return requestRemote(bridge.New(h)) },
		func(h *fakeHost) way { return invokeRemote(bridge.New(h)) },
	} {
		by(t, make, test)
	}
}

// byEachWay runs a test once for each way to the backend.
func byEachWay(t *testing.T, test func(t *testing.T, host *fakeHost, backend *tasks)) {
	byBothWays(t, test)
	byDirect(t, test)
}

func byDirect(t *testing.T, test func(t *testing.T, host *fakeHost, backend *tasks)) {
	by(t, func(h *fakeHost) way { return directTo(h) }, test)
}

func by(t *testing.T, make func(*fakeHost) way, test func(t *testing.T, host *fakeHost, backend *tasks)) {
	host := &fakeHost{status: 200}
	backend := &tasks{way: make(host)}
	t.Run(backend.way.name, func(t *testing.T) {
		host.t = t
		test(t, host, backend)
	})
}

// only gives the one request that reached the backend.
func (h *fakeHost) only() request {
	h.t.Helper()
	if len(h.got) != 1 {
		h.t.Fatal("the backend got " + strconv.Itoa(len(h.got)) + " requests, not one")
	}
	return h.got[0]
}
