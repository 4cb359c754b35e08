package devhost

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost/internal/testapp"
	"github.com/forgego/forgego/internal/manifest"
)

// serviceManifest returns the test's app with a macro whose endpoint is a container service.
func serviceManifest(t *testing.T) *manifest.Manifest {
	t.Helper()
	m := testapp.Manifest(t)
	m.Services = []manifest.Service{{Key: "java"}}
	m.Endpoints = append(m.Endpoints, manifest.Endpoint{Key: "containers", Service: "java"})
	m.Modules[1].Endpoint = "containers"
	return m
}

func TestInvokeService(t *testing.T) {
	var got *http.Request
	service := newRemote(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/base/missing" {
			w.WriteHeader(404)
		}
		io.WriteString(w, `{"path":"`+r.URL.Path+`"}`)
	})
	h := startHost(t, serviceManifest(t), settings{serviceURLs: map[string]string{"java": service + "/base"}})

	out := invokeBy(t, h, "macro", "ui-container-fetch", `{"path":"/t","method":"POST","body":{"a":1}}`)
	if !out.Success || out.Payload.Status != 200 || string(out.Payload.Body) != `{"path":"/base/t"}` || out.Payload.Error != nil || out.To != "java" {
		t.Errorf("got %+v", out)
	}
	if got.Header.Get("Authorization") != "" || got.Header.Get("X-Forge-Invocation-Id") == "" {
		t.Errorf("the service got %v", got.Header)
	}
	out = invokeBy(t, h, "macro", "ui-container-fetch", `{"path":"/missing","method":"GET"}`)
	if !out.Success || out.Payload.Status != 404 || out.Payload.Body != nil || out.Payload.Error == nil || *out.Payload.Error != `{"path":"/base/missing"}` {
		t.Errorf("a 404: got %+v", out)
	}
}

func TestInvokeServiceFails(t *testing.T) {
	h := startHost(t, serviceManifest(t), settings{})
	const get = `{"path":"/","method":"GET"}`
	for _, c := range []struct{ name, module, kind, code, says string }{
		{"no address", "macro", "ui-container-fetch", "SERVICE_UNAVAILABLE", "services:\n  java:\n    url: http://127.0.0.1:8080\n"},
		{"a module with a remote", "panel", "ui-container-fetch", "NO_ENDPOINT", "leads to the remote tasks-api: call it with invokeRemote"},
		{"invokeRemote of a module with a service", "macro", "ui-remote-fetch", "NO_ENDPOINT", "leads to the container service java: call it with invokeService"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := invokeBy(t, h, c.module, c.kind, get)
			if out.Success || out.Error == nil || out.Error.Code != c.code || !strings.Contains(out.Error.Message, c.says) {
				t.Errorf("got %+v", out.Error)
			}
		})
	}
	if err := h.SetServiceURL("java", "http://127.0.0.1:1/"); err != nil {
		t.Fatal(err)
	}
	out := invokeBy(t, h, "macro", "ui-container-fetch", get)
	if out.Error == nil || out.Error.Code != "REMOTE_NETWORK_ERROR" || !strings.Contains(out.Error.Detail, "the service is down: nothing listens at http://127.0.0.1:1.") {
		t.Errorf("without a service at the address: got %+v", out.Error)
	}
}

func TestServiceURLsRefused(t *testing.T) {
	m := serviceManifest(t)
	for name, c := range map[string]struct {
		urls map[string]string
		want error
	}{
		"unknown": {map[string]string{"go": "http://127.0.0.1:1"}, ErrUnknownService},
		"no URL":  {map[string]string{"java": "127.0.0.1:1"}, ErrInvalidURL},
	} {
		if _, err := newHost(m, settings{serviceURLs: c.urls}); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}
