package bridgehttp

import (
	"slices"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
)

// TestClientsWorkOnEachWay runs the same programs on each way. docs/http.md describes the differences.
func TestClientsWorkOnEachWay(t *testing.T) {
	s := newSite(t)
	openapi := []string{
		"create: 201 Created <Ä> of A/B team",
		"list: 200 OK 1 r-1",
		`get: 200 OK <Ä> ["a&b" "Grüße"]`,
		"invalid: 422 Unprocessable Entity a task needs a title",
		"delete: 204 No Content, 0 bytes",
		"missing: 404 Not Found no such task",
	}
	stop := []string{"/never: true true", "/endless: true true"}
	umlaut := "e4"
	if s.page.Engine == browser.WebKit {
		umlaut = "c3a4" // WebKitGTK sends header values in UTF-8
	}
	tests := []struct {
		program, way string
		want         []string
	}{
		{"openapi", "host", openapi},
		{"openapi", "invoke", openapi},
		{"openapi", "direct", openapi},
		{"upload", "host", []string{"a form: 204 No Content, the same true", "as it is: refused true"}},
		{"upload", "invoke", []string{"a form: refused true", "as it is: refused true"}},
		{"upload", "direct", []string{"a form: 204 No Content, the same true", "as it is: 204 No Content, the same true"}},
		// connect reports "unavailable" for every error that its client returns.
		{"connect", "host", []string{"JSON: Hello, Grüße", "JSON: invalid_argument", "binary: unavailable", "binary: unavailable"}},
		{"connect", "invoke", []string{"JSON: Hello, Grüße", "JSON: invalid_argument", "binary: unavailable", "binary: unavailable"}},
		{"connect", "direct", []string{"JSON: Hello, Grüße", "JSON: invalid_argument", "binary: Hello, Grüße", "binary: invalid_argument"}},
		{"plain", "host", []string{
			`path: 200 OK, 2, "{}", false GET /api/v1/seen/a%2Fb%20%C3%A4/?x=1&x=%2B+ "" []  ""`,
			`JSON: 200 OK, 2, "{}", false PUT /api/v1/seen/ "application/json" []  "{\"a\":\"ä\"}"`,
			`no type: 200 OK, 2, "{}", false POST /api/v1/seen/ "text/plain;charset=UTF-8" []  "{}"`,
			`gzip: 200 OK, -1, "{}", true `,
			`head: 200 OK, 2, "", false HEAD /api/v1/seen/ "" []  ""`,
			`redirect: 200 OK, 2, "{}", false GET /api/v1/seen/ "" []  ""`,
			`401: 401 Unauthorized, 5, "\"no\"\n", false `,
			`text: 404 Not Found, 19, "404 page not found\n", false `,
			`elsewhere: invalid request`,
			`Latin-1: 200 OK, 2, "{}", false GET /api/v1/seen/ "" [] ` + umlaut + ` ""`,
		}},
		{"plain", "invoke", []string{
			`path: 200 OK, 2, "{}", false GET /api/v1/seen/a%2Fb%20%C3%A4/?x=1&x=%2B+ "" []  ""`,
			`JSON: 200 OK, 2, "{}", false PUT /api/v1/seen/ "application/json" []  "{\"a\":\"ä\"}"`,
			`no type: 200 OK, 2, "{}", false POST /api/v1/seen/ "application/json" []  "{}"`,
			`gzip: 200 OK, 2, "{}", false `, // the platform has unpacked it and does not report that
			`head: invalid request`,
			`redirect: 200 OK, 2, "{}", false GET /api/v1/seen/ "" []  ""`,
			`401: unauthorized`,
			`text: invalid response`,
			`elsewhere: invalid request`,
			`Latin-1: invalid request`,
		}},
		{"plain", "direct", []string{
			`path: 200 OK, -1, "{}", false GET /api/v1/seen/a%2Fb%20%C3%A4/?x=1&x=%2B+ "" []  ""`,
			`JSON: 200 OK, -1, "{}", false PUT /api/v1/seen/ "application/json" []  "{\"a\":\"ä\"}"`,
			`no type: 200 OK, -1, "{}", false POST /api/v1/seen/ "" []  "{}"`,
			`gzip: 200 OK, -1, "{}", true `,
			`head: 200 OK, 2, "", false HEAD /api/v1/seen/ "" []  ""`,
			`redirect: invalid response`,
			`401: 401 Unauthorized, -1, "\"no\"\n", false `,
			`text: 404 Not Found, -1, "404 page not found\n", false `,
			`elsewhere: invalid request`,
			`Latin-1: 200 OK, -1, "{}", false GET /api/v1/seen/ "" [] ` + umlaut + ` ""`,
		}},
		{"stop", "host", stop},
		{"stop", "invoke", stop},
		{"stop", "direct", stop},
	}
	for _, tt := range tests {
		t.Run(tt.program+"/"+tt.way, func(t *testing.T) {
			if got := s.run(t, tt.way, tt.program); !slices.Equal(got, tt.want) {
				t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(tt.want, "\n\t"))
			}
		})
	}
	// A JSON object in base64 begins with "eyJ".
	for place, text := range map[string]string{"the console": s.page.ConsoleText(), "the app's page": s.frame.Text(), "the logs": output.String()} {
		if strings.Contains(text, "eyJ") {
			t.Errorf("a token is in %s", place)
		}
	}
}
