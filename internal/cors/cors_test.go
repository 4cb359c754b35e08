package cors

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

const page = "http://127.0.0.1:8765"

// header makes a header of pairs.
func header(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Add(pairs[i], pairs[i+1])
	}
	return h
}

// problem returns the problem of a remote's answer.
func problem(in *http.Request, status int, answer http.Header) string {
	return Server{Kind: "remote", Advice: "Allow the origins in FORGE_ALLOWED_ORIGINS."}.Problem(in, status, answer)
}

func TestProblem(t *testing.T) {
	type row struct {
		name    string
		request http.Header
		answer  http.Header
		// want is the text after "the remote does not allow http://127.0.0.1:8765 ". It is empty if the page gets the answer.
		want string
	}
	const (
		add  = " Allow the origins in FORGE_ALLOWED_ORIGINS."
		read = "to read its answers: it sent "
		send = "to send this request: its answer to the browser's preflight request has "
	)
	from := header("Origin", page, "Sec-Fetch-Mode", "cors")
	rows := func(t *testing.T, method string, status int, all []row) {
		for _, c := range all {
			t.Run(c.name, func(t *testing.T) {
				in := &http.Request{Method: method, Host: "127.0.0.1:9000", Header: c.request}
				want := c.want
				if want != "" {
					want = "the remote does not allow " + page + " " + want
				}
				if got := problem(in, status, c.answer); got != want {
					t.Errorf("the problem is %q\nwant %q", got, want)
				}
			})
		}
	}
	t.Run("an answer", func(t *testing.T) {
		rows(t, "POST", 200, []row{
			{"allows the origin", from, header("Access-Control-Allow-Origin", page), ""},
			{"allows all", from, header("Access-Control-Allow-Origin", "*"), ""},
			{"allows none", from, header(), read + "no Access-Control-Allow-Origin." + add},
			{"allows another", from, header("Access-Control-Allow-Origin", "http://localhost:8765"), read + "Access-Control-Allow-Origin: http://localhost:8765." + add},
			{"allows another with the same begin", from, header("Access-Control-Allow-Origin", page+"1"), read + "Access-Control-Allow-Origin: " + page + "1." + add},
			{"allows it with a slash", from, header("Access-Control-Allow-Origin", page+"/"), read + "Access-Control-Allow-Origin: " + page + "/." + add},
			{"allows it twice", from, header("Access-Control-Allow-Origin", page, "Access-Control-Allow-Origin", page), read + "Access-Control-Allow-Origin: " + page + ", " + page + "." + add},
			{"allows all and one", from, header("Access-Control-Allow-Origin", "*", "Access-Control-Allow-Origin", page), read + "Access-Control-Allow-Origin: *, " + page + "." + add},
			{"an empty origin", from, header("Access-Control-Allow-Origin", ""), read + "Access-Control-Allow-Origin: ." + add},
			{"the mode is not known", header("Origin", page), header(), read + "no Access-Control-Allow-Origin." + add},
			{"no origin", header(), header(), ""},
			{"the same origin", header("Origin", "http://127.0.0.1:9000"), header(), ""},
			{"a form that is sent", header("Origin", page, "Sec-Fetch-Mode", "navigate"), header(), ""},
			{"fetch without cors", header("Origin", page, "Sec-Fetch-Mode", "no-cors"), header(), ""},
			{"a web socket", header("Origin", page, "Upgrade", "websocket"), header(), ""},
		})
		rows(t, "GET", 500, []row{{"an error", from, header(), read + "no Access-Control-Allow-Origin." + add}})
		rows(t, "GET", 302, []row{{"a redirect", from, header("Location", "/"), read + "no Access-Control-Allow-Origin." + add}})
		rows(t, "GET", 304, []row{{"304", from, header(), ""}})
		rows(t, "OPTIONS", 200, []row{{"OPTIONS of the page itself", from, header("Access-Control-Allow-Origin", "*"), ""}})
	})
	t.Run("an opaque origin", func(t *testing.T) {
		in := &http.Request{Method: "GET", Host: "a", Header: header("Origin", "null")}
		if got := problem(in, 200, header("Access-Control-Allow-Origin", "null")); got != "" {
			t.Errorf("allowed: %q", got)
		}
		if got := problem(in, 200, header()); !strings.HasPrefix(got, "the remote does not allow null to read its answers") {
			t.Errorf("not allowed: %q", got)
		}
	})
	ask := func(method, headers string) http.Header {
		h := header("Origin", page, "Sec-Fetch-Mode", "cors", "Access-Control-Request-Method", method)
		if headers != "" {
			h.Set("Access-Control-Request-Headers", headers)
		}
		return h
	}
	allow := func(pairs ...string) http.Header {
		return header(append([]string{"Access-Control-Allow-Origin", page}, pairs...)...)
	}
	const methods, headers = "Access-Control-Allow-Methods", "Access-Control-Allow-Headers"
	t.Run("a preflight request", func(t *testing.T) {
		rows(t, "OPTIONS", 204, []row{
			{"allows everything that it asks for", ask("PUT", "authorization,content-type"), allow(methods, "GET, PUT", headers, "Content-Type , AUTHORIZATION"), ""},
			{"in several fields", ask("PUT", "a,b"), allow(methods, "GET", methods, "PUT", headers, "a", headers, "b,,"), ""},
			{"safelisted methods need no permission", ask("POST", ""), allow(), ""},
			{"GET with a header field", ask("GET", "a"), allow(headers, "a"), ""},
			{"HEAD with all header fields", ask("HEAD", "a"), allow(headers, "*"), ""},
			{"all methods", ask("PATCH", ""), allow(methods, "*"), ""},
			{"all origins", ask("POST", ""), header("Access-Control-Allow-Origin", "*"), ""},
			{"no origin", ask("POST", ""), header(), send + "no Access-Control-Allow-Origin." + add},
			{"another origin", ask("POST", ""), header("Access-Control-Allow-Origin", "http://a"), send + "Access-Control-Allow-Origin: http://a." + add},
			{"no methods", ask("DELETE", ""), allow(), "the method DELETE: it sent no Access-Control-Allow-Methods. Add the method there; upper and lower case count."},
			{"other methods", ask("DELETE", ""), allow(methods, "GET, PUT"), "the method DELETE: it sent Access-Control-Allow-Methods: GET, PUT. Add the method there; upper and lower case count."},
			{"a method in another case", ask("patch", ""), allow(methods, "PATCH"), "the method patch: it sent Access-Control-Allow-Methods: PATCH. Add the method there; upper and lower case count."},
			{"no header fields", ask("POST", "content-type"), allow(), "the header field content-type: it sent no Access-Control-Allow-Headers. Add the name there."},
			{"one header field of two", ask("POST", "authorization,content-type"), allow(headers, "Authorization"), "the header field content-type: it sent Access-Control-Allow-Headers: Authorization. Add the name there."},
			{"all header fields but authorization", ask("POST", "authorization,content-type"), allow(headers, "*"), "the header field authorization: it sent Access-Control-Allow-Headers: *. The * does not include this name; add it there."},
			{"all header fields and authorization", ask("POST", "authorization,content-type"), allow(headers, "*, authorization"), ""},
			{"a list that is none", ask("POST", "a"), allow(headers, "a b"), "to send this request: it sent Access-Control-Allow-Headers: a b, which is not a list of names."},
			{"methods that are no list", ask("POST", ""), allow(methods, "GET; PUT"), "to send this request: it sent Access-Control-Allow-Methods: GET; PUT, which is not a list of names."},
		})
		rows(t, "OPTIONS", 404, []row{{"that nobody answers", ask("PUT", "a"), header(), send + "no Access-Control-Allow-Origin." + add}})
		for status, text := range map[int]string{401: "401", 302: "302", 405: "405"} {
			rows(t, "OPTIONS", status, []row{{"with status " + text, ask("PUT", "a"), allow(methods, "PUT", headers, "a"),
				"to send this request: it answered the browser's preflight request with status " + text + ", not 2xx. Answer OPTIONS requests with 204."}})
		}
	})
}

// FuzzNames checks properties of the list parser: what it accepts is a list of tokens, and it accepts its own elements.
func FuzzNames(f *testing.F) {
	f.Fuzz(func(t *testing.T, value string) {
		list, ok := names([]string{value})
		if !ok {
			if list != nil {
				t.Errorf("refused, but returned %q", list)
			}
			return
		}
		for _, name := range list {
			if name == "" || strings.ContainsAny(name, " \t\r\n,;:\"()[]{}<>@=?/\\") || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
				t.Errorf("%q is no token", name)
			}
		}
		again, ok := names(list)
		if !ok || !slices.Equal(again, list) {
			t.Errorf("of its own elements %q it makes %q", list, again)
		}
		joined, ok := names([]string{strings.Join(list, ", ")})
		if !ok || !slices.Equal(joined, list) {
			t.Errorf("of the joined list %q it makes %q", list, joined)
		}
		if strip := strings.Map(func(r rune) rune {
			if strings.ContainsRune(" \t,", r) {
				return -1
			}
			return r
		}, value); strip != strings.Join(list, "") {
			t.Errorf("of %q it makes %q", value, list)
		}
	})
}

// FuzzProblem checks what must hold for every answer: only one that names the origin or * is readable, and nothing panics.
func FuzzProblem(f *testing.F) {
	f.Fuzz(func(t *testing.T, method, requested, origin, methods, headers string, status int) {
		in := &http.Request{Method: http.MethodOptions, Host: "a", Header: header("Origin", page, "Access-Control-Request-Method", method, "Access-Control-Request-Headers", requested)}
		answer := header("Access-Control-Allow-Origin", origin, "Access-Control-Allow-Methods", methods, "Access-Control-Allow-Headers", headers)
		text := problem(in, status, answer)
		if text == "" && origin != "*" && origin != page {
			t.Errorf("origin %q is allowed", origin)
		}
		if text == "" && method != "" && (status < 200 || status > 299) {
			t.Errorf("status %d is allowed", status)
		}
		if strings.ContainsFunc(text, func(r rune) bool { return r != '…' && (r < ' ' || r >= 0x7f) }) || len(text) > 8<<10 {
			t.Errorf("the text could control a terminal, or is long: %q", text)
		}
		all := header("Access-Control-Allow-Origin", "*", "Access-Control-Allow-Methods", "*", "Access-Control-Allow-Headers", "*, Authorization")
		if text := problem(in, 204, all); text != "" {
			t.Errorf("an answer that allows everything: %s", text)
		}
	})
}
