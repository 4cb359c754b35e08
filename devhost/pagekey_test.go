package devhost

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/devhost/internal/testapp"
)

// TestCredentialsNeedThePageKey checks that only a page with the key can use credentials. Another program on this machine
// can send the page's origin, but it does not know the key.
func TestCredentialsNeedThePageKey(t *testing.T) {
	t.Setenv("TEST_JIRA_AUTHORIZATION", "Basic bWU6cHc=")
	s := testapp.NewSite(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "answer") })
	h := dataHost(t, "products:\n  jira:\n    fixtures: [{request: GET /fixed, file: a.json}]\n    url: "+s.URL+"\n    authorization: TEST_JIRA_AUTHORIZATION\n"+
		"  confluence:\n    url: "+s.URL+"\n", "a.json", "1")
	other := startHost(t, testapp.Manifest(t), settings{})
	for _, c := range []struct {
		name, product, path, key string
		sent                     bool
		code                     string
	}{
		{"no key", "jira", "/a", "", false, "KEY_REQUIRED"},
		{"another start's key", "jira", "/a", other.pageKey, false, "KEY_REQUIRED"},
		{"a part of the key", "jira", "/a", h.pageKey[:10], false, "KEY_REQUIRED"},
		{"the key", "jira", "/a", h.pageKey, true, ""},
		{"no key, an answer from a file", "jira", "/fixed", "", false, ""},
		{"no key, a site without credentials", "confluence", "/a", "", true, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.Got = nil
			_, text := testapp.Ask(t, "POST", h.URL()+"_host/product", `{"product":"`+c.product+`","method":"GET","path":"`+c.path+`"}`,
				"Content-Type", "application/json", "Origin", h.product.Origin, pageKeyHeader, c.key)
			if sent := s.Got != nil; sent != c.sent {
				t.Errorf("forwarded: %v; the answer is %s", sent, text)
			}
			if refused := strings.Contains(text, `"code":"`); refused != (c.code != "") || !strings.Contains(text, c.code) {
				t.Errorf("the answer is %s", text)
			}
			if c.code != "" && (!strings.Contains(text, "Open the address that forgego dev has printed") || strings.Contains(text, h.pageKey)) {
				t.Errorf("the error is %s", text)
			}
		})
	}
}

func TestPageURL(t *testing.T) {
	for _, c := range []struct {
		name, dev string
		key       bool
	}{
		{"no products", "featureFlags:\n  a: true\n", false},
		{"fixtures only", "products:\n  jira:\n    fixtures: [{request: GET /a}]\n", false},
		{"a site without credentials", "products:\n  jira:\n    url: https://example.com\n", false},
		{"credentials", "products:\n  jira:\n    url: https://example.com\n    authorization: A\n", true},
		{"an invalid file", "products: 7\n", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := dataHost(t, c.dev)
			want := h.URL()
			if c.key {
				want += "#key=" + h.pageKey
			}
			if got := h.PageURL(); got != want || len(h.pageKey) < 20 {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
	if one, another := dataHost(t, ""), dataHost(t, ""); one.pageKey == another.pageKey {
		t.Error("two hosts have the same key")
	}
}

// TestPageKeyIsSecret checks that only PageURL returns the key.
func TestPageKeyIsSecret(t *testing.T) {
	t.Setenv("TEST_JIRA_AUTHORIZATION", "Basic bWU6cHc=")
	s := testapp.NewSite(t, func(w http.ResponseWriter, r *http.Request) {})
	m := testapp.Manifest(t)
	testapp.Write(t, m.Dir, "forgego.yml", "products:\n  jira:\n    url: "+s.URL+"\n    authorization: TEST_JIRA_AUTHORIZATION\n")
	var log bytes.Buffer
	h := startHost(t, m, settings{invokeTimeout: time.Minute, logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if _, failed := askData(t, h, "product", `{"product":"jira","method":"GET","path":"/a"}`); failed.Message != "" {
		t.Fatal(failed.Message)
	}
	askData(t, h, "product", `{"product":"jira","method":"G T","path":"/a"}`)
	_, page := testapp.Ask(t, "GET", h.URL(), "")
	_, app := testapp.Ask(t, "GET", h.AppURL()+"main/", "")
	var sent strings.Builder
	_ = s.Got.Header.Write(&sent)
	for what, text := range map[string]string{"log": log.String(), "product's page": page, "app's page": app, "request to the site": sent.String() + s.Got.RequestURI, "URL": h.URL()} {
		if text == "" || strings.Contains(text, h.pageKey) {
			t.Errorf("the %s: %q", what, text)
		}
	}
}
