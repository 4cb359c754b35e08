package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/forgego/forgego/bridge"
)

// plain uses the client of net/http.
func plain(ctx context.Context, client *http.Client) []string {
	var s steps
	try := func(name, method, path, body string, header http.Header) {
		var reader io.Reader
		if body != "" {
			reader = strings.NewReader(body)
		}
		r, err := http.NewRequestWithContext(ctx, method, base+path, reader)
		if err != nil {
			s.say("%s: %v", name, err)
			return
		}
		if header != nil {
			r.Header = header
		}
		resp, err := client.Do(r)
		if err != nil {
			s.say("%s: %s", name, kindOf(err))
			return
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		s.say("%s: %s, %d, %q, %v %s", name, resp.Status, resp.ContentLength, text, resp.Uncompressed, resp.Header.Get("X-Seen"))
		if err != nil {
			s.say("%s: %v", name, err)
		}
	}
	json := http.Header{"Content-Type": {"application/json"}}
	try("path", "GET", "/seen/a%2Fb%20%C3%A4/?x=1&x=%2B+", "", nil)
	try("JSON", "PUT", "/seen/", `{"a":"ä"}`, json)
	try("no type", "POST", "/seen/", `{}`, nil)
	try("gzip", "GET", "/gzip", "", nil)
	try("head", "HEAD", "/seen/", "", nil)
	try("redirect", "GET", "/redirect", "", nil)
	try("401", "GET", "/401", "", nil)
	try("text", "GET", "/404", "", nil)
	try("elsewhere", "GET", "/../../x", "", nil)
	try("Latin-1", "GET", "/seen/", "", http.Header{"X-Name": {"\xe4"}})
	return s
}

// stop cancels calls before and after the answer's header arrives.
func stop(ctx context.Context, client *http.Client) []string {
	var s steps
	for _, path := range []string{"/never", "/endless"} {
		timed := *client
		timed.Timeout = 200 * time.Millisecond
		resp, err := timed.Get(base + path)
		if err == nil {
			_, err = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
		}
		var timeout interface{ Timeout() bool }
		s.say("%s: %v %v", path, errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout())
	}
	return s
}

// kindOf returns the kind of an error of http.Client.
func kindOf(err error) string {
	var outer *url.Error
	var e *bridge.Error
	if !errors.As(err, &outer) || !errors.As(err, &e) {
		return "not an error of the bridge: " + err.Error()
	}
	for name, kind := range map[string]error{"unauthorized": bridge.ErrUnauthorized, "invalid request": bridge.ErrInvalidRequest, "invalid response": bridge.ErrInvalidResponse, "network": bridge.ErrNetwork} {
		if errors.Is(err, kind) {
			return name
		}
	}
	return err.Error()
}
