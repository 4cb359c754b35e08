package hosttest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/forgego/forgego/bridge"
)

// invocations tests invokeRemote.
var invocations = []Case{
	{"an invocation reaches the remote", func(ctx context.Context, host bridge.Host) error {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			in := map[string]any{"path": "/see/a%2Fb?q=1", "method": method, "headers": map[string]string{"X-Sent": "a", "Authorization": "mine"}}
			want := seen{Method: method, URI: "/see/a%2Fb?q=1", Authorization: "a token", Sent: "a"}
			if method != "GET" {
				in["body"] = map[string]any{"a": "ü"}
				want.Body, want.Type = `{"a":"ü"}`, "application/json"
			}
			out, err := invoke(ctx, host, in)
			if err != nil {
				return fmt.Errorf("%s: %w", method, err)
			}
			var s seen
			if err := json.Unmarshal(out.Body, &s); err != nil || !out.Success || out.Status != 200 {
				return fmt.Errorf("%s: got %+v (%v)", method, out, err)
			}
			if kind := out.Headers["content-type"]; !slices.Equal(kind, []string{"application/json"}) {
				return fmt.Errorf("%s: the content type is %q, not a list of one", method, kind)
			}
			if err := same(s, want); err != nil {
				return fmt.Errorf("%s: %w", method, err)
			}
		}
		return nil
	}},
	{"an invocation's path is resolved", func(ctx context.Context, host bridge.Host) error {
		for path, want := range map[string]string{
			"/see/a?x=1#fragment": "/see/a?x=1", "see/b": "/see/b", "/see/x/../c": "/see/c", `\see\d`: "/see/d", "/see/ü e": "/see/%C3%BC%20e",
			"/see/..%2F..%2Fadmin/ü": "/see/..%2F..%2Fadmin/%C3%BC", "/see/a%2Fb|c": "/see/a%2Fb|c", "/see/x/..//f": "/see//f",
			`/see/?q=ü"<>'`: "/see/?q=%C3%BC%22%3C%3E%27",
		} {
			out, err := invoke(ctx, host, map[string]any{"path": path, "method": "GET"})
			if err != nil {
				return fmt.Errorf("%q: %w", path, err)
			}
			var s seen
			if err := json.Unmarshal(out.Body, &s); err != nil || s.URI != want {
				return fmt.Errorf("%q reaches the remote as %q, want %q (%v)", path, s.URI, want, err)
			}
		}
		for _, path := range []string{"//evil.example/", "https://evil.example/", `/\evil.example/`, "javascript:1", "///evil.example/see/"} {
			_, err := invoke(ctx, host, map[string]any{"path": path, "method": "GET"})
			if err := refusedWith(err, "Error", "The path ", "INVALID_REQUEST"); err != nil {
				return fmt.Errorf("%q: %w", path, err)
			}
		}
		return nil
	}},
	{"an invocation's lone percent sign reaches the remote's server", func(ctx context.Context, host bridge.Host) error {
		_, err := invoke(ctx, host, map[string]any{"path": "/see/100%", "method": "GET"})
		return refusedWith(err, "Error", "Invalid response from remote - content-type header must be set to application/json and is currently: text/plain; charset=utf-8. Status: 400.", "")
	}},
	{"an invocation's answer is the platform's", func(ctx context.Context, host bridge.Host) error {
		const wrongType = "Invalid response from remote - content-type header must be set to application/json and is currently: %s. Status: %d."
		const notJSON = "Invalid response from remote - cannot parse body as JSON. Status: %d."
		for name, c := range map[string]struct {
			status     int
			kind, body string
			location   string
			want       string // the refusal's text, or empty for an answer
		}{
			"JSON":                   {status: 200, kind: "application/json", body: `{"a":1}`},
			"created":                {status: 201, body: `[1]`},
			"2xx of another type":    {status: 200, kind: "text/html", body: `"x"`},
			"no content":             {status: 204},
			"an empty 200":           {status: 200},
			"404":                    {status: 404, kind: "application/json", body: `{"error":"x"}`},
			"400 with a charset":     {status: 400, kind: "application/json; charset=utf-8", body: `{}`},
			"429 without a type":     {status: 429, body: `{}`},
			"500":                    {status: 500, kind: "application/json", body: `null`},
			"a redirect with JSON":   {status: 302, kind: "application/json", body: `{}`, location: "/see/"},
			"2xx, no JSON":           {status: 200, kind: "application/json", body: "no", want: fmt.Sprintf(notJSON, 200)},
			"401":                    {status: 401, kind: "application/json", body: `{}`, want: "Remote could not verify the Forge Invocation Token"},
			"a problem":              {status: 400, kind: "application/problem+json", body: `{}`, want: fmt.Sprintf(wrongType, "application/problem+json", 400)},
			"a page":                 {status: 502, kind: "text/html", body: "<p>", want: fmt.Sprintf(wrongType, "text/html", 502)},
			"403 without a body":     {status: 403, want: fmt.Sprintf(notJSON, 403)},
			"422, no JSON":           {status: 422, kind: "application/json", body: "no", want: fmt.Sprintf(notJSON, 422)},
			"a redirect and no body": {status: 307, location: "/see/", want: fmt.Sprintf(notJSON, 307)},
		} {
			q := url.Values{"status": {fmt.Sprint(c.status)}, "type": {c.kind}, "body": {c.body}, "location": {c.location}}
			out, err := invoke(ctx, host, map[string]any{"path": "/answer?" + q.Encode(), "method": "GET"})
			switch {
			case c.want != "":
				var refusal *bridge.HostError
				if !errors.As(err, &refusal) || refusal.Message != c.want {
					return fmt.Errorf("%s: got %v, want %q", name, err, c.want)
				}
			case err != nil:
				return fmt.Errorf("%s: %w", name, err)
			case !out.Success || out.Status != c.status || string(out.Body) != c.body:
				return fmt.Errorf("%s: got %+v", name, out)
			}
		}
		return nil
	}},
	{"an invocation of an unreachable remote is refused", func(ctx context.Context, host bridge.Host) error {
		_, err := invoke(ctx, host, map[string]any{"path": "/cut", "method": "GET"})
		return refusedWith(err, "Error", "Invalid response from remote - remote network error", "REMOTE_NETWORK_ERROR")
	}},
	{"an invocation's limits are enforced", func(ctx context.Context, host bridge.Host) error {
		const most, mostBack = 500 << 10, 5 << 20
		body := func(size int) map[string]string {
			return map[string]string{"a": strings.Repeat("x", size-len(`{"a":""}`))}
		}
		if out, err := invoke(ctx, host, map[string]any{"path": "/echo", "method": "POST", "body": body(most)}); err != nil || len(out.Body) != most {
			return fmt.Errorf("500 KB: %d bytes were returned (%w)", len(out.Body), err)
		}
		if out, err := invoke(ctx, host, map[string]any{"path": fmt.Sprint("/answer?size=", mostBack), "method": "GET"}); err != nil || len(out.Body) != mostBack {
			return fmt.Errorf("5 MB: %d bytes were returned (%w)", len(out.Body), err)
		}
		const text = "An unexpected error happened"
		_, err := invoke(ctx, host, map[string]any{"path": "/echo", "method": "POST", "body": body(most + 1)})
		if err := refusedWith(err, "Error", text, "REQUEST_TOO_LARGE"); err != nil {
			return fmt.Errorf("one byte more than 500 KB: %w", err)
		}
		_, err = invoke(ctx, host, map[string]any{"path": fmt.Sprint("/answer?size=", mostBack+1), "method": "GET"})
		if err := refusedWith(err, "Error", text, "RESPONSE_TOO_LARGE"); err != nil {
			return fmt.Errorf("one byte more than 5 MB: %w", err)
		}
		return nil
	}},
	{"an invalid invocation is refused", func(ctx context.Context, host bridge.Host) error {
		for name, in := range map[string]map[string]any{
			"no path":            {"method": "GET"},
			"another method":     {"path": "/see/", "method": "HEAD"},
			"lower case":         {"path": "/see/", "method": "get"},
			"GET with a body":    {"path": "/see/", "method": "GET", "body": map[string]int{}},
			"a list":             {"path": "/see/", "method": "POST", "body": []int{}},
			"a text":             {"path": "/see/", "method": "POST", "body": "{}"},
			"a header's name":    {"path": "/see/", "method": "GET", "headers": map[string]string{"a b": "c"}},
			"a list of a header": {"path": "/see/", "method": "GET", "headers": map[string]any{"x-sent": []string{"a"}}},
		} {
			_, err := invoke(ctx, host, in)
			if err := refusedWith(err, "Error", "", "INVALID_REQUEST"); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		_, err := host.Call(ctx, bridge.Call{Command: "invoke", Payload: []byte(`{"path":"/see/","method":"GET","invokeType":"other"}`)})
		if err := refusedWith(err, "Error", "", "UNSUPPORTED_INVOKE"); err != nil {
			return fmt.Errorf("another type: %w", err)
		}
		_, err = host.Call(ctx, bridge.Call{Command: "invoke", Payload: []byte(`{"functionKey":"contractHasNone"}`)})
		if err := refusedWith(err, "Error", "", "FUNCTIONS_UNAVAILABLE"); err != nil {
			return fmt.Errorf("a function: %w", err)
		}
		return nil
	}},
	{"a token has an expiry and its remote's base URL", func(ctx context.Context, host bridge.Host) error {
		var before string
		for range 2 {
			answer, err := host.Call(ctx, bridge.Call{Command: "signInvocationTokenForUI", Payload: []byte(`{"remoteKey":"` + RemoteKey + `"}`)})
			if err != nil {
				return err
			}
			var token struct{ JWT, ExpiresAt, BaseURL string }
			if err := json.Unmarshal(answer.Payload, &token); err != nil || strings.Count(token.JWT, ".") != 2 || len(token.ExpiresAt) != 13 || !strings.HasPrefix(token.BaseURL, "http") {
				return fmt.Errorf("got a jwt of %d bytes, expiresAt %q, baseUrl %q (%v)", len(token.JWT), token.ExpiresAt, token.BaseURL, err)
			}
			if token.JWT == before {
				return errors.New("got the same token twice")
			}
			before = token.JWT
		}
		_, err := host.Call(ctx, bridge.Call{Command: "signInvocationTokenForUI", Payload: []byte(`{}`)})
		return refusedWith(err, "Error", "", "INVALID_REQUEST")
	}},
}

// invoked is the answer to invokeRemote.
type invoked struct {
	Success bool
	Status  int
	Headers map[string][]string
	Body    json.RawMessage
}

// invoke sends an invocation.
func invoke(ctx context.Context, host bridge.Host, in map[string]any) (invoked, error) {
	in["invokeType"] = "ui-remote-fetch"
	payload, err := json.Marshal(in)
	if err != nil {
		return invoked{}, err
	}
	answer, err := host.Call(ctx, bridge.Call{Command: "invoke", Payload: payload})
	if err != nil {
		return invoked{}, err
	}
	var out struct {
		Success bool
		Payload invoked
	}
	err = json.Unmarshal(answer.Payload, &out)
	out.Payload.Success = out.Success
	return out.Payload, err
}
