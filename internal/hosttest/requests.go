package hosttest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/forgego/forgego/bridge"
)

// requests tests what the remote gets from a fetch.
var requests = []Case{
	{"a path is appended and read as a browser reads it", func(ctx context.Context, host bridge.Host) error {
		for path, want := range map[string]string{
			"/see/a?x=1#fragment":      "/see/a?x=1",
			"/see/a/../b/./c":          "/see/b/c",
			"/see/%2e%2E/see/d":        "/see/d",
			`/see\e`:                   "/see/e",
			"/see/a%2Fb?q=%2B+1":       "/see/a%2Fb?q=%2B+1",
			"/see/a b/ü?q=a b\"ü'<>\\": "/see/a%20b/%C3%BC?q=a%20b%22%C3%BC%27%3C%3E\\",
			"/see/\t\r\nf":             "/see/f",
			"/see//g/":                 "/see//g/",
			"/see/h?":                  "/see/h?",
			// Chromium also escapes "|", which the URL Standard does not.
			"/see/files/..%2F..%2Fadmin/ü": "/see/files/..%2F..%2Fadmin/%C3%BC",
			"/see/a%2Fb c":                 "/see/a%2Fb%20c",
			"/see/a%2Fb^\"":                "/see/a%2Fb%5E%22",
			"/see/a/..//b":                 "/see//b",
		} {
			s, err := sees(ctx, host, fetch("GET", path, nil, nil))
			if err != nil {
				return fmt.Errorf("%q: %w", path, err)
			}
			if s.URI != want {
				return fmt.Errorf("%q reaches the remote as %q, want %q", path, s.URI, want)
			}
		}
		return nil
	}},
	{"a path that leads to another origin is refused", func(ctx context.Context, host bridge.Host) error {
		for _, path := range []string{".evil.example/see/", "@evil.example/see/", "0/see/", "see/", ":1/see/"} {
			_, err := host.Call(ctx, fetch("GET", path, nil, nil))
			if err := refusedWith(err, "", fmt.Sprintf("The path %q does not lead to ", path), "INVALID_REQUEST"); err != nil {
				return fmt.Errorf("%q: %w", path, err)
			}
		}
		return nil
	}},
	{"a path with a user is refused", func(ctx context.Context, host bridge.Host) error {
		// Such a URL may be on the same host, but fetch refuses it.
		_, err := host.Call(ctx, fetch("GET", ":80@", nil, nil))
		return refusedWith(err, "", `The path ":80@" does not lead to `, "INVALID_REQUEST")
	}},
	{"a lone percent sign reaches the remote's server, which refuses it", func(ctx context.Context, host bridge.Host) error {
		_, err := host.Call(ctx, fetch("GET", "/see/100%", nil, nil))
		return refusedByFetch(err)
	}},
	{"the header has what a browser sends, and the host's own token", func(ctx context.Context, host bridge.Host) error {
		s, err := sees(ctx, host, fetch("POST", "/see/", []byte("text"), map[string]string{
			"authorization": "Bearer mine", "cookie": "a=1", "x-sent": " a, b ",
		}))
		if err != nil {
			return err
		}
		return same(s, seen{Method: "POST", URI: "/see/", Type: "text/plain;charset=UTF-8", Authorization: "a token", Sent: "a, b", Body: "text"})
	}},
	{BeyondASCII, func(ctx context.Context, host bridge.Host) error {
		s, err := sees(ctx, host, fetch("GET", "/see/", nil, map[string]string{"x-sent": "ü"}))
		if err != nil {
			return err
		}
		return same(s, seen{Method: "GET", URI: "/see/", Authorization: "a token", Sent: "ü"})
	}},
	{"the headers may be pairs", func(ctx context.Context, host bridge.Host) error {
		s, err := sees(ctx, host, fetchOf(map[string]any{"path": "/see/", "method": "PUT", "headers": [][2]string{{"x-sent", "1"}, {"x-sent", "2"}}, "body": "x"}, false))
		if err != nil {
			return err
		}
		return same(s, seen{Method: "PUT", URI: "/see/", Type: "text/plain;charset=UTF-8", Authorization: "a token", Sent: "1, 2", Body: "x"})
	}},
	{"a method is sent as fetch sends it", func(ctx context.Context, host bridge.Host) error {
		for method, want := range map[string]string{"get": "GET", "post": "POST", "Delete": "DELETE", "put": "PUT"} {
			s, err := sees(ctx, host, fetch(method, "/see/", nil, nil))
			if err == nil {
				err = same(s, seen{Method: want, URI: "/see/", Authorization: "a token"})
			}
			if err != nil {
				return fmt.Errorf("%s: %w", method, err)
			}
		}
		return nil
	}},
	{"a request that fetch cannot send is refused", func(ctx context.Context, host bridge.Host) error {
		for name, call := range map[string]bridge.Call{
			"a forbidden method":   fetch("TRACE", "/see/", nil, nil),
			"no method":            fetch("a b", "/see/", nil, nil),
			"GET with a body":      fetch("GET", "/see/", []byte("x"), nil),
			"a header's name":      fetch("GET", "/see/", nil, map[string]string{"a b": "c"}),
			"a header's line end":  fetch("GET", "/see/", nil, map[string]string{"x-sent": "a\nb"}),
			"a header not Latin-1": fetch("GET", "/see/", nil, map[string]string{"x-sent": "世"}),
		} {
			_, err := host.Call(ctx, call)
			if err := refusedWith(err, "TypeError", "", ""); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	}},
	{"a redirect is followed", func(ctx context.Context, host bridge.Host) error {
		s, err := sees(ctx, host, fetch("POST", "/answer?status=302&location=/see/there", []byte("x"), nil))
		if err != nil {
			return err
		}
		return same(s, seen{Method: "GET", URI: "/see/there", Authorization: "a token"})
	}},
	{"a redirect is an error if the call says so", func(ctx context.Context, host bridge.Host) error {
		_, err := host.Call(ctx, fetchOf(map[string]any{"path": "/answer?status=302&location=/see/", "redirect": "error"}, false))
		return refusedWith(err, "TypeError", "", "")
	}},
	{"a body that is not text is an attachment", func(ctx context.Context, host bridge.Host) error {
		for kind, want := range map[string]bool{
			"": false, "text/html": false, "text/plain; charset=utf-8": false, "application/json": false, "application/problem+json": false,
			"image/svg+xml": false, "Application/XML": false, "image/png": true, "application/pdf": true, "multipart/mixed": true,
		} {
			r, body, err := do(ctx, host, fetch("GET", "/answer?body=abc&type="+url.QueryEscape(kind), nil, nil))
			content := "abc"
			if want {
				content = "data:application/octet-stream;base64,YWJj"
			}
			if err != nil || r.IsAttachment != want || string(body) != content {
				return fmt.Errorf("%q: attachment %t with %q (%v)", kind, r.IsAttachment, body, err)
			}
		}
		r, body, err := do(ctx, host, fetch("GET", "/answer?body=%FF&type=text/plain", nil, nil))
		if err != nil || !r.IsAttachment || string(body) != "data:application/octet-stream;base64,/w==" {
			return fmt.Errorf("text that is not UTF-8: attachment %t with %q (%v)", r.IsAttachment, body, err)
		}
		r, body, err = do(ctx, host, fetch("GET", "/answer?type=image/png", nil, nil))
		if err != nil || !r.IsAttachment || body == nil || len(body) != 0 {
			return fmt.Errorf("an empty image: attachment %t with %q (%v)", r.IsAttachment, body, err)
		}
		return nil
	}},
	{"an unreachable remote is the browser's error", func(ctx context.Context, host bridge.Host) error {
		_, err := host.Call(ctx, fetch("GET", "/cut", nil, nil))
		if err := refusedByFetch(err); err != nil {
			return err
		}
		if !errors.Is(err, bridge.ErrNetwork) {
			return fmt.Errorf("%v is not ErrNetwork", err)
		}
		return nil
	}},
	{"an unknown remote has its code", func(ctx context.Context, host bridge.Host) error {
		for command, payload := range map[string]string{
			"fetchRemote":              `{"remoteKey":"unknown","fetchRequestInit":{"path":"/see/"}}`,
			"signInvocationTokenForUI": `{"remoteKey":"unknown"}`,
		} {
			_, err := host.Call(ctx, bridge.Call{Command: command, Payload: []byte(payload)})
			if err := refusedWith(err, "", `unknown remote "unknown": `, "UNKNOWN_REMOTE"); err != nil {
				return fmt.Errorf("%s: %w", command, err)
			}
		}
		return nil
	}},
}

// fetchOf returns the command fetchRemote with these options.
func fetchOf(init map[string]any, isForm bool) bridge.Call {
	payload, err := json.Marshal(map[string]any{"remoteKey": RemoteKey, "fetchRequestInit": init, "isMultipartFormData": isForm})
	if err != nil {
		panic(err) // cannot fail: strings can be encoded
	}
	return bridge.Call{Command: "fetchRemote", Payload: payload, Fetch: true}
}

// sees sends a fetch to /see/ and returns what the remote got.
func sees(ctx context.Context, host bridge.Host, call bridge.Call) (seen, error) {
	r, body, err := do(ctx, host, call)
	var s seen
	if err == nil && r.Status != 200 {
		err = fmt.Errorf("the remote answered %d: %s", r.Status, body)
	}
	if err == nil {
		err = json.Unmarshal(body, &s)
	}
	return s, err
}

func same(got, want seen) error {
	g, errG := json.Marshal(got)
	w, errW := json.Marshal(want)
	if err := errors.Join(errG, errW); err != nil {
		return err
	}
	if string(g) != string(w) {
		return fmt.Errorf("the remote got\n%s\nwant\n%s", g, w)
	}
	return nil
}

// BeyondASCII is the name of the case about a header field with other characters than ASCII.
const BeyondASCII = "a header field is sent in Latin-1"

// refusedByFetch returns an error unless err is the refusal of a browser's fetch that got no answer. Each engine has its own
// text; bridgetest has Chromium's.
func refusedByFetch(err error) error {
	problem := refusedWith(err, "TypeError", "Failed to fetch", "")
	for _, text := range []string{"NetworkError when attempting to fetch resource.", "Load failed"} { // Firefox, WebKit
		if refusedWith(err, "TypeError", text, "") == nil {
			return nil
		}
	}
	return problem
}

// refusedWith returns an error unless err is a refusal with this name and code, and with a message that starts like
// message. Empty arguments match anything.
func refusedWith(err error, name, message, code string) error {
	if problem := refused(err); problem != nil {
		return problem
	}
	var refusal *bridge.HostError
	errors.As(err, &refusal)
	if name != "" && refusal.Name != name || !strings.HasPrefix(refusal.Message, message) || code != "" && refusal.Code != code {
		return fmt.Errorf("the refusal is %q, %q, %q; want %q, %q, %q", refusal.Name, refusal.Message, refusal.Code, name, message, code)
	}
	return nil
}
