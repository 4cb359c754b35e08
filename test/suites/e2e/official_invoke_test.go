package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// The texts that Atlassian documents for invokeRemote.
// Source: https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/invokeRemote/
const (
	badToken     = "Error: Remote could not verify the Forge Invocation Token"
	networkError = "Error: Invalid response from remote - remote network error"
	unexpected   = "Error: An unexpected error happened"
)

func wrongType(header string, status int) string {
	return fmt.Sprintf("Error: Invalid response from remote - content-type header must be set to application/json and is currently: %s. Status: %d.", header, status)
}

func notJSON(status int) string {
	return fmt.Sprintf("Error: Invalid response from remote - cannot parse body as JSON. Status: %d.", status)
}

// TestOfficialInvocation checks that the official client's invokeRemote returns the remote's answer, or the error text that
// Atlassian documents for it.
func TestOfficialInvocation(t *testing.T) {
	o := newOfficial(t)
	for _, test := range []struct {
		name   string
		answer http.HandlerFunc
		want   string
	}{
		{"200", says(200, "application/json", `{"n":1,"s":"ü 😀","list":[null,true]}`), `200 {"n":1,"s":"ü 😀","list":[null,true]}`},
		{"201", says(201, "application/json; charset=utf-8", `{}`), "201 {}"},
		{"200 with a list", says(200, "application/json", ` [1, 2] `), "200 [1,2]"},
		{"200 with null", says(200, "application/json", "null"), "200 null"},
		{"200 without a body", says(200, "", ""), "200 "},
		{"202 without a body, as text", says(202, "text/plain", ""), "202 "},
		{"204", says(204, "", ""), "204 "},
		{"200 without a type", says(200, "", `{"n":1}`), `200 {"n":1}`},
		{"200 with another type", says(200, "text/plain", `{"n":1}`), `200 {"n":1}`},
		{"200 not JSON", says(200, "application/json", "<p>"), notJSON(200)},
		{"200 as HTML", says(200, "text/html", "<p>"), notJSON(200)},
		{"200 cut off in its JSON", says(200, "application/json", `{"n":`), notJSON(200)},

		{"400 as JSON", says(400, "application/json", `{"error":"A task needs a name."}`), `400 {"error":"A task needs a name."}`},
		{"403 as JSON", says(403, "application/json", `{}`), "403 {}"},
		{"404 as JSON without a type", says(404, "", `{"error":"no"}`), `404 {"error":"no"}`},
		{"500 as JSON", says(500, "application/json", `{"error":"no"}`), `500 {"error":"no"}`},
		{"409 as JSON with a charset", says(409, "application/json; charset=utf-8", `{"error":"no"}`), `409 {"error":"no"}`},

		{"401 as JSON", says(401, "application/json", `{"error":"no"}`), badToken},
		{"401 as text", says(401, "text/plain", "no"), badToken},
		{"401 without a body", says(401, "", ""), badToken},

		{"422 as a problem", says(422, "application/problem+json", `{"title":"no"}`), wrongType("application/problem+json", 422)},
		{"404 as HTML", says(404, "text/html; charset=utf-8", "<p>no</p>"), wrongType("text/html; charset=utf-8", 404)},
		{"503 as text, without a body", says(503, "text/plain", ""), wrongType("text/plain", 503)},
		{"500 not JSON", says(500, "application/json", "oops"), notJSON(500)},
		{"500 not JSON, without a type", says(500, "", "oops"), notJSON(500)},
		{"404 without a body", says(404, "", ""), notJSON(404)},
		{"404 without a body, as JSON", says(404, "application/json", ""), notJSON(404)},

		{"a redirect without a body", redirect(""), notJSON(302)},
		{"a redirect as HTML", redirect("text/html"), wrongType("text/html", 302)},
		{"304", says(304, "", ""), notJSON(304)},
		{"an answer that breaks off", breakOff, networkError},
		{"no answer", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, networkError},
	} {
		t.Run(test.name, func(t *testing.T) {
			o.stage.play(test.answer)
			got := o.invoke(`{ path: "/a", method: "POST", body: {} }`)
			if got.String() != test.want {
				t.Errorf("the app gets  %s\nwant          %s", got, test.want)
			}
			if q := o.arrived(t); q.uri != "/a" {
				t.Errorf("a request has reached %s", q.uri)
			}
		})
	}

	t.Run("header lists", func(t *testing.T) {
		o.stage.play(func(w http.ResponseWriter, r *http.Request) {
			w.Header()["X-Many"] = []string{"a", "b, c"}
			w.Header()["Set-Cookie"] = []string{"a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT", "b=2"}
			w.Header().Set("X-One", "1")
			says(200, "application/json", "{}")(w, r)
		})
		got := o.invoke(`{ path: "/a", method: "GET" }`)
		for name, want := range map[string]string{
			"x-many": "a,b, c", "set-cookie": "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT,b=2", "x-one": "1", "content-type": "application/json",
		} {
			if got.Headers[name] != want {
				t.Errorf("%s is %v, want %q", name, got.Headers[name], want)
			}
		}
	})
	t.Run("a remote that is down", func(t *testing.T) {
		o.show("down-page")
		if got := o.invoke(`{ path: "/a", method: "GET" }`); got.String() != networkError {
			t.Errorf("the app gets %s", got)
		}
	})
	t.Run("a module without an endpoint", func(t *testing.T) {
		o.show("panel")
		if got := o.invoke(`{ path: "/a", method: "GET" }`); !strings.Contains(got.Error, "has no resolver.endpoint") {
			t.Errorf("the app gets %s", got)
		}
	})
	o.Page.Quiet()
}

// redirect redirects the client to another path.
func redirect(contentType string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "/there")
		says(http.StatusFound, contentType, "")(w, r)
	}
}

// TestOfficialInvocationTimeout checks that the error text of the platform contains the limit that is set.
func TestOfficialInvocationTimeout(t *testing.T) {
	o := newOfficial(t, "--invoke-timeout", "500ms")
	const want = "Error: Remote invocation timed out after 0.5 seconds"
	for name, answer := range map[string]http.HandlerFunc{
		"no answer": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"an answer that does not end": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"half":`))
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		},
	} {
		t.Run(name, func(t *testing.T) {
			o.stage.play(answer)
			if got := o.invoke(`{ path: "/a", method: "GET" }`); got.String() != want {
				t.Errorf("the app gets %s, want %s", got, want)
			}
		})
	}
	o.Page.Quiet()
}

// TestOfficialInvocationRequest checks that the remote receives the request that the official client's invokeRemote was
// asked to send.
func TestOfficialInvocationRequest(t *testing.T) {
	o := newOfficial(t)
	o.stage.play(says(200, "", ""))
	for _, test := range []struct {
		name, input, arrived string
		// header are some of the headers. An empty value means that the header must be absent.
		header map[string]string
	}{
		{"GET", `{ path: "/a?b=c", method: "GET" }`, "GET /a?b=c ", map[string]string{"Content-Type": ""}},
		{"POST", `{ path: "/a", method: "POST", body: { n: 1, s: "ü" } }`, `POST /a {"n":1,"s":"ü"}`, map[string]string{"Content-Type": "application/json"}},
		{"POST without a body", `{ path: "/a", method: "POST" }`, "POST /a ", map[string]string{"Content-Type": ""}},
		{"PUT", `{ path: "/a", method: "PUT", body: {} }`, "PUT /a {}", nil},
		{"PATCH", `{ path: "/a", method: "PATCH", body: {} }`, "PATCH /a {}", nil},
		{"DELETE", `{ path: "/a", method: "DELETE", body: {} }`, "DELETE /a {}", nil},
		{"a body as JSON.stringify writes it", `{ path: "/a", method: "POST", body: { b: [1e21, 1e-7, -0, NaN], a: "<&>\u2028\ud800", u: undefined, d: new Date(0) } }`,
			`POST /a {"b":[1e+21,1e-7,0,null],"a":"<&>` + "\u2028" + `\ud800","d":"1970-01-01T00:00:00.000Z"}`, nil},
		{"headers", `{ path: "/a", method: "POST", headers: { "X-Own": " a, b ", "content-type": "application/vnd.own+json" }, body: {} }`, "POST /a {}",
			map[string]string{"X-Own": "a, b", "Content-Type": "application/vnd.own+json"}},
		{"headers that are the platform's", `{ path: "/a", method: "GET", headers: { authorization: "Basic eDp5", "x-b3-traceid": "mine", "X-Forge-OAuth-System": "mine" } }`,
			"GET /a ", map[string]string{"X-Forge-Oauth-System": ""}},
		{"a body at the limit", `{ path: "/a", method: "POST", body: { s: "x".repeat(500 * 1024 - 8) } }`,
			`POST /a {"s":"` + strings.Repeat("x", 500*1024-8) + `"}`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := o.invoke(test.input); got.String() != "200 " {
				t.Fatalf("the app gets %s", got)
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
			for _, name := range []string{"X-B3-Traceid", "X-B3-Spanid"} {
				if got := q.header.Get(name); !regexp.MustCompile(`^[0-9a-f]{16}([0-9a-f]{16})?$`).MatchString(got) {
					t.Errorf("%s is %q", name, got)
				}
			}
		})
	}
	for _, test := range []struct{ name, input, want string }{
		{"a body over the limit", `{ path: "/a", method: "POST", body: { s: "x".repeat(500 * 1024 - 7) } }`, unexpected},
		{"a body over the limit in bytes only", `{ path: "/a", method: "POST", body: { s: "ü".repeat(250 * 1024) } }`, unexpected},
		{"a body far over the limit", `{ path: "/a", method: "POST", body: { s: "x".repeat(4_000_000) } }`, unexpected},
		{"a body that is no object", `{ path: "/a", method: "POST", body: "text" }`, "Error: The body must be a JSON object."},
		{"a list", `{ path: "/a", method: "POST", body: [1] }`, "Error: The body must be a JSON object."},
		{"HEAD", `{ path: "/a", method: "HEAD" }`, `Error: The method is "HEAD"; invokeRemote takes GET, POST, PUT, PATCH, DELETE.`},
		{"no path", `{ method: "GET" }`, "Error: invokeRemote needs a path."},
		{"a path that is a URL", `{ path: "https://example.com/a", method: "GET" }`,
			`Error: The path "https://example.com/a" is an absolute URL; use a path on ` + o.stage.url + ", such as /tasks."},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := o.invoke(test.input); got.String() != test.want {
				t.Errorf("the app gets %.200s, want %s", got, test.want)
			}
			if arrived := o.stage.take(); len(arrived) != 0 {
				t.Errorf("the remote gets %.200v", arrived)
			}
		})
	}
	o.Page.Quiet()
}

// TestOfficialInvocationLimit checks that an answer of 5 MB reaches the app, and that an answer with one byte more does
// not.
func TestOfficialInvocationLimit(t *testing.T) {
	o := newOfficial(t)
	const most = 5 << 20
	for _, test := range []struct {
		name string
		size int
		want string
	}{
		{"at the limit", most, fmt.Sprint("200 ", most-2)},
		{"over the limit", most + 1, "An unexpected error happened"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o.stage.play(says(200, "application/json", `"`+strings.Repeat("x", test.size-2)+`"`))
			got := o.String(`app.invokeRemote({ path: "/a", method: "GET" }).then(({ status, body }) => status + " " + body.length, (error) => error.message)`)
			if got != test.want {
				t.Errorf("the app gets %s, want %s", got, test.want)
			}
		})
	}
	o.Page.Quiet()
}

// TestOfficialInvocationPath checks that a path is joined with a base URL in the same way as the browser's own URL joins
// them.
func TestOfficialInvocationPath(t *testing.T) {
	o := newOfficial(t)
	o.stage.play(says(200, "", ""))
	paths := []string{
		"/t", "t", "./t", "../t", "../../../t", "", "?q=1", "#f", "/", "/t/", "t/../u/./v", "/..", ".",
		"/t?a=1&b=2#f", "/t?", "/t?a=b?c", "/t?a=b/../c",
		"/ä ö", "/t?ä=ö ü", "/a%2Fb", "/a%20b", "/%2e%2e/t", "/t?q=100%", "/a;b=c,d", "/a:b@c", "/a|b", "/a^b", "/a'b", `/a"b`, "/a<b>", "/a`b", "/a{b}", "/a[b]", "/a!$&'()*+,=",
		`\t`, `/a\b`, `/t?a\b`, "/t?a'b", `/t?a"b<c>`, "/t?a`b{c}|d^e", "/t?%zz", "/a//b", "/a\tb\nc", " /t ", "/😀", "/a+b", "/a~b",
	}
	for _, base := range []struct{ module, path string }{{"main-page", ""}, {"folder-page", "/api/v1/"}, {"file-page", "/api/v1"}} {
		o.show(base.module)
		list, err := json.Marshal(paths)
		if err != nil {
			t.Fatal(err)
		}
		var answers []struct{ Want, Error string }
		o.Eval(fmt.Sprintf(`(async (answers) => {
			for (const path of %s) answers.push({ want: new URL(path, %q).href.split("#")[0], error: (await app.invocation({ path, method: "GET" })).error });
			return answers;
		})([])`, list, o.stage.url+base.path), &answers)
		arrived := o.stage.take()
		for i, path := range paths {
			t.Run(fmt.Sprintf("%s + %s", base.path, path), func(t *testing.T) {
				if answers[i].Error != "" || len(arrived) == 0 {
					t.Fatalf("the app gets %s, want a request for %s", answers[i].Error, answers[i].Want)
				}
				// Chromium escapes "|" in a path; the URL Standard does not: https://url.spec.whatwg.org/#path-percent-encode-set
				want := strings.ReplaceAll(answers[i].Want, "%7C", "|")
				if got := o.stage.url + arrived[0].uri; got != want {
					t.Errorf("the remote gets %s, want %s", got, want)
				}
				arrived = arrived[1:]
			})
		}
	}
	o.Page.Quiet()
}
