//go:build !js

package devhost

import (
	"net/http"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost/internal/testapp"
)

func TestBrowserURL(t *testing.T) {
	h, dir := startApp(t, settings{})
	if got := h.BrowserURL(); got != h.URL() {
		t.Errorf("without credentials: got %s, want %s", got, h.URL())
	}
	if got, want := h.BrowserURLFor(Window{Module: "panel", Account: 2}), h.PageURLFor(Window{Module: "panel", Account: 2}); got != want {
		t.Errorf("without credentials: got %s, want %s", got, want)
	}
	testapp.Write(t, dir, "forgego.yml", "products:\n  jira:\n    url: https://example.com\n    authorization: TEST_AUTHORIZATION\n")
	address := h.BrowserURL()
	if strings.Contains(address, h.pageKey) || !strings.HasPrefix(address, h.URL()) {
		t.Errorf("the address is %s", address)
	}
	open := func(address string, headers ...string) (status int, location string) {
		resp, _ := testapp.Ask(t, http.MethodGet, address, "", headers...)
		return resp.StatusCode, resp.Header.Get("Location")
	}
	if status, _ := open(address, "Host", "evil.example"); status != 403 {
		t.Errorf("by a foreign name: status %d, want 403", status)
	}
	if status, location := open(address); status != 303 || location != h.PageURL() {
		t.Errorf("got %d and %s, want %s", status, location, h.PageURL())
	}
	if status, location := open(address); status != 410 || location != "" {
		t.Errorf("the second time: got %d and %q, want 410", status, location)
	}
	chosen := Window{"a b", "edit", 2, 2}
	address = h.BrowserURLFor(chosen)
	if _, location := open(address); location != h.PageURLFor(chosen) || strings.Contains(address, h.pageKey) {
		t.Errorf("%s leads to %s, want %s", address, location, h.PageURLFor(chosen))
	}
	first := h.BrowserURL()
	for range maxStartCodes {
		h.BrowserURL()
	}
	if status, _ := open(first); status != 410 || len(h.startCodes.codes) != maxStartCodes {
		t.Errorf("%d codes are kept; the oldest returns %d", len(h.startCodes.codes), status)
	}
}
