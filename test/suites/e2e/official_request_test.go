package e2e

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
)

// TestOfficialRequest checks that the remote receives the request that the official client's requestRemote was asked to
// send.
func TestOfficialRequest(t *testing.T) {
	o := newOfficial(t)
	for _, test := range []struct {
		name, remote, options string
		// arrived is the method, the path and the body.
		arrived string
		// header are some of the headers. An empty value means that the header must be absent.
		header map[string]string
	}{
		{"no options", "backend", ``, "GET / ", map[string]string{"Content-Type": ""}},
		{"GET", "backend", `{ path: "/tasks/?team=Forge&x=%20y" }`, "GET /tasks/?team=Forge&x=%20y ", map[string]string{"Content-Type": ""}},
		{"POST of JSON", "backend", `{ path: "/a", method: "POST", headers: { "Content-Type": "application/json" }, body: '{"n": 1}' }`,
			`POST /a {"n": 1}`, map[string]string{"Content-Type": "application/json"}},
		{"POST of text", "backend", `{ path: "/a", method: "POST", body: "héllo 😀" }`,
			"POST /a héllo 😀", map[string]string{"Content-Type": "text/plain;charset=UTF-8"}},
		{"POST of parameters", "backend", `{ path: "/a", method: "POST", body: new URLSearchParams({ a: "1 2", b: "ü" }) }`,
			"POST /a a=1+2&b=%C3%BC", map[string]string{"Content-Type": "application/x-www-form-urlencoded;charset=UTF-8"}},
		{"POST without a body", "backend", `{ path: "/a", method: "POST" }`, "POST /a ", map[string]string{"Content-Type": ""}},
		{"PUT", "backend", `{ path: "/a", method: "PUT", body: "x" }`, "PUT /a x", nil},
		{"PATCH", "backend", `{ path: "/a", method: "PATCH", body: "x" }`, "PATCH /a x", nil},
		{"DELETE", "backend", `{ path: "/a", method: "DELETE" }`, "DELETE /a ", nil},
		{"HEAD", "backend", `{ path: "/a", method: "HEAD" }`, "HEAD /a ", nil},
		{"a method in lower case that fetch knows", "backend", `{ path: "/a", method: "put", body: "x" }`, "PUT /a x", nil},
		{"a method in lower case that fetch does not know", "backend", `{ path: "/a", method: "patch", body: "x" }`, "patch /a x", nil},
		{"a megabyte", "backend", `{ path: "/a", method: "POST", body: "ü".repeat(500_000) }`, "POST /a " + strings.Repeat("ü", 500_000), nil},
		{"headers", "backend", `{ path: "/a", headers: [["X-Own", " a "], ["x-own", "b,c"], ["X-Other", "é"]] }`, "GET /a ",
			map[string]string{"X-Own": "a, b,c", "X-Other": "\xe9"}},
		{"an authorization of its own", "backend", `{ path: "/a", headers: { Authorization: "Basic eDp5" } }`, "GET /a ", nil},
		{"a path with a fragment", "backend", `{ path: "/a?b#c" }`, "GET /a?b ", nil},
		{"a path with characters to escape", "backend", `{ path: "/ä b%2Fc?ü=ß \"'" }`, "GET /%C3%A4%20b%2Fc?%C3%BC=%C3%9F%20%22%27 ", nil},
		{"a base URL with a path", "file", `{ path: "/users/123" }`, "GET /api/v1/users/123 ", nil},
		{"a base URL that ends in a slash", "folder", `{ path: "users" }`, "GET /api/v1/users ", nil},
		{"options that are not for a page's request", "backend", `{ path: "/a", credentials: "include", mode: "no-cors" }`, "GET /a ",
			map[string]string{"Cookie": "", "Origin": o.host.origin()}},
	} {
		if o.Page.Engine == browser.WebKit && test.header["X-Other"] != "" {
			test.header["X-Other"] = "é" // it sends what is not ASCII as UTF-8
		}
		t.Run(test.name, func(t *testing.T) {
			got := o.request(test.remote, orUndefined(test.options))
			if got.Status != 200 {
				t.Fatalf("the app gets %+v", got)
			}
			q := o.arrived(t)
			if q.line() != test.arrived {
				t.Errorf("the remote gets\n%.200s\nwant\n%.200s", q.line(), test.arrived)
			}
			for name, want := range test.header {
				if got := strings.Join(q.header.Values(name), " + "); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
		})
	}
	o.Page.Quiet()
}

func orUndefined(expression string) string {
	if expression == "" {
		return "undefined"
	}
	return expression
}

// TestOfficialResponse checks that the official client's requestRemote returns the remote's answer, with any status.
func TestOfficialResponse(t *testing.T) {
	o := newOfficial(t)
	for _, test := range []struct {
		name   string
		answer http.HandlerFunc
		want   string
		header map[string]string
	}{
		{"200", says(200, "application/json", `{"n": 1, "s": "ü"}`), `200 OK {"n": 1, "s": "ü"}`, map[string]string{"content-type": "application/json"}},
		{"201", says(201, "text/plain;charset=utf-8", "made"), "201 Created made", map[string]string{"content-type": "text/plain;charset=utf-8"}},
		{"200 without a body", says(200, "", ""), "200 OK ", nil},
		{"204", says(204, "", ""), "204 No Content ", nil},
		{"205", says(205, "", ""), "205 Reset Content ", nil},
		{"304", says(304, "", ""), "304 Not Modified ", nil},
		{"400 as JSON", says(400, "application/json", `{"error":"no"}`), `400 Bad Request {"error":"no"}`, nil},
		{"401, which is the app's here", says(401, "application/json", `{}`), "401 Unauthorized {}", nil},
		{"404 as HTML", says(404, "text/html", "<p>no</p>"), "404 Not Found <p>no</p>", map[string]string{"content-type": "text/html"}},
		{"422 as a problem", says(422, "application/problem+json", `{"title":"no"}`), `422 Unprocessable Entity {"title":"no"}`,
			map[string]string{"content-type": "application/problem+json"}},
		{"500 without a body", says(500, "", ""), "500 Internal Server Error ", nil},
		{"503 as text", says(503, "text/plain", "later"), "503 Service Unavailable later", nil},
		{"a byte order mark", says(200, "text/plain", "\ufeffa"), "200 OK \ufeffa", nil},
		{"headers", func(w http.ResponseWriter, r *http.Request) {
			w.Header()["X-Many"] = []string{"a", "b, c"}
			w.Header().Set("X-Shown", "1")
			w.Header().Set("X-Hidden", "1")
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
			says(200, "text/plain", "x")(w, r)
		}, "200 OK x", map[string]string{"x-many": "a, b, c", "x-shown": "1", "x-hidden": "", "set-cookie": ""}},
		{"a redirect", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/there" {
				http.Redirect(w, r, "/there", http.StatusTemporaryRedirect)
				return
			}
			says(200, "text/plain", "there")(w, r)
		}, "200 OK there", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			o.stage.play(test.answer)
			got := o.request("backend", `{ path: "/a", method: "POST", body: "x" }`)
			if line := fmt.Sprintf("%d %s %s%s", got.Status, got.StatusText, got.Body, got.Error); line != test.want {
				t.Errorf("the app gets %s, want %s", line, test.want)
			}
			for name, want := range test.header {
				if got.Headers[name] != want {
					t.Errorf("%s is %q, want %q", name, got.Headers[name], want)
				}
			}
			if got.URL != "" || got.Redirected {
				t.Errorf("the response is of %q, redirected: %v", got.URL, got.Redirected)
			}
		})
	}
	t.Run("HEAD", func(t *testing.T) {
		o.stage.play(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "image/png")
			w.Header().Set("Content-Length", "1000")
			w.Header().Set("X-Shown", "1")
		})
		got := o.request("backend", `{ path: "/a", method: "HEAD" }`)
		if got.Status != 200 || len(got.Body) != 0 || got.Headers["x-shown"] != "1" || got.Headers["content-type"] != "image/png" {
			t.Errorf("the app gets %+v", got)
		}
	})
}

// TestOfficialRefusal checks that the app gets the error of the page's own fetch if it cannot read an answer.
func TestOfficialRefusal(t *testing.T) {
	o := newOfficial(t)
	const failed = "TypeError: Failed to fetch"
	nobody := func(http.Header, *http.Request) {}
	for _, test := range []struct {
		name, remote, options string
		cors                  func(http.Header, *http.Request)
		answer                http.HandlerFunc
		want                  string
		// arrivals is the number of requests that reach the remote, without preflight requests.
		arrivals int
	}{
		{"CORS refused beforehand", "backend", `{ path: "/a" }`, nobody, says(200, "", ""), failed, 0},
		{"CORS without the token's header", "backend", `{ path: "/a" }`, func(header http.Header, r *http.Request) {
			allow(header, r)
			header.Del("Access-Control-Allow-Headers")
		}, says(200, "", ""), failed, 0},
		{"CORS without the app's header", "backend", `{ path: "/a", headers: { "x-own": "1" } }`, func(header http.Header, r *http.Request) {
			allow(header, r)
			header.Set("Access-Control-Allow-Headers", "authorization")
		}, says(200, "", ""), failed, 0},
		{"CORS without the method", "backend", `{ path: "/a", method: "DELETE" }`, func(header http.Header, r *http.Request) {
			allow(header, r)
			header.Set("Access-Control-Allow-Methods", "PUT")
		}, says(200, "", ""), failed, 0},
		{"CORS for another origin", "backend", `{ path: "/a" }`, func(header http.Header, r *http.Request) {
			allow(header, r)
			header.Set("Access-Control-Allow-Origin", "https://example.com")
		}, says(200, "", ""), failed, 0},
		{"CORS beforehand only", "backend", `{ path: "/a" }`, func(header http.Header, r *http.Request) {
			if isPreflight(r) {
				allow(header, r)
			}
		}, says(200, "", ""), failed, 1},
		{"a remote that is down", "down", `{ path: "/a" }`, allow, says(200, "", ""), failed, 0},
		{"an answer that breaks off", "backend", `{ path: "/a", method: "POST" }`, allow, breakOff, failed, 1},
		{"a remote that the manifest does not have", "nowhere", `{ path: "/a" }`, allow, says(200, "", ""),
			`Error: unknown remote "nowhere": manifest.yml has backend, folder, file, down`, 0},
		{"a path that changes the host", "backend", `{ path: "@example.com/a" }`, allow, says(200, "", ""),
			`Error: The path "@example.com/a" does not lead to ` + o.stage.url + `; begin it with a slash.`, 0},
		{"a path that leads out of the base URL's path", "file", `{ path: "beta/x" }`, allow, says(200, "", ""),
			`Error: The path "beta/x" does not lead to ` + o.stage.url + `/api/v1; it leads out of the path of the base URL.`, 0},
		{"a GET with a body, which the client refuses", "backend", `{ path: "/a", body: "x" }`, allow, says(200, "", ""),
			"TypeError: Failed to construct 'Request': Request with GET/HEAD method cannot have body.", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			o.stage.guard(test.cors)
			o.stage.play(test.answer)
			got := o.request(test.remote, test.options)
			// Each engine has its own words for what fetch refuses.
			own := o.Page.Engine != browser.Chromium && strings.HasPrefix(test.want, "TypeError: ") && strings.HasPrefix(got.Error, "TypeError: ")
			if got.Error != test.want && !own {
				t.Errorf("the app gets %+v, want %s", got, test.want)
			}
			if arrived := o.stage.take(); len(arrived) != test.arrivals {
				t.Errorf("the remote gets %v, want %d requests", arrived, test.arrivals)
			}
		})
	}
	t.Run("a header that is not exposed", func(t *testing.T) {
		o.stage.guard(func(header http.Header, r *http.Request) {
			allow(header, r)
			header.Del("Access-Control-Expose-Headers")
		})
		o.stage.play(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Shown", "1")
			says(200, "text/plain", "x")(w, r)
		})
		got := o.request("backend", `{ path: "/a" }`)
		if names := slices.Sorted(maps.Keys(got.Headers)); !slices.Equal(names, []string{"content-length", "content-type"}) {
			t.Errorf("the app sees %q", names)
		}
	})
}

// breakOff closes the connection in the middle of a body.
func breakOff(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", "100")
	_, _ = w.Write([]byte(`{"half":`))
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}
