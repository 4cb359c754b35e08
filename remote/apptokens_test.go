package remote

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/forgego/forgego/secret"
)

const testAPI = "https://api.atlassian.com/ex/jira/cloud-1"

func TestAppTokens(t *testing.T) {
	verified := &Claims{App: App{APIBaseURL: testAPI}}
	both := http.Header{"X-Forge-Oauth-System": {"sys-token"}, "X-Forge-Oauth-User": {" user-token "}}
	with := func(name string, values ...string) http.Header {
		h := both.Clone()
		h[name] = values
		return h
	}
	for _, tt := range []struct {
		name               string
		claims             *Claims
		header             http.Header
		system, user, base string
	}{
		{"both", verified, both, "sys-token", "user-token", testAPI},
		{"one", verified, http.Header{"X-Forge-Oauth-User": {"user-token"}}, "", "user-token", testAPI},
		{"none", verified, http.Header{}, "", "", testAPI},
		{"no verified claims", nil, both, "", "", ""},
		{"from a browser", verified, with("Origin", site), "", "", testAPI},
		{"token of an exchange", &Claims{App: App{APIBaseURL: testAPI}, Exchanged: true}, both, "", "", testAPI},
		{"two system tokens", verified, with("X-Forge-Oauth-System", "a", "b"), "", "user-token", testAPI},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header = tt.header
			got := AppTokens(r.WithContext(NewContext(r.Context(), tt.claims)))
			if got.System.Reveal() != tt.system || got.User.Reveal() != tt.user || got.APIBaseURL != tt.base {
				t.Errorf("AppTokens = system %q, user %q, base URL %q; want %q, %q, %q",
					got.System.Reveal(), got.User.Reveal(), got.APIBaseURL, tt.system, tt.user, tt.base)
			}
			if text := fmt.Sprintf("%v %+v %#v %s", got, got, got, got); strings.Contains(text, "-token") {
				t.Errorf("printing the tokens shows them: %s", text)
			}
		})
	}
}

// api answers by URL and records the requests that it receives.
type api struct {
	redirects map[string]string
	status    int
	asked     []*http.Request
}

func (a *api) RoundTrip(r *http.Request) (*http.Response, error) {
	a.asked = append(a.asked, r)
	resp := jsonResponse(http.StatusOK, "{}")
	if to, ok := a.redirects[r.URL.String()]; ok {
		resp.StatusCode = a.status
		resp.Header.Set("Location", to)
	}
	resp.Request = r
	return resp, nil
}

func TestAPIClient(t *testing.T) {
	const bearer = "Bearer sys-token"
	for _, tt := range []struct {
		name     string
		base     string // testAPI if empty
		url      string
		method   string
		status   int // the status of redirects; 303 if zero
		redirect string
		want     error
		sent     []string // the authorization of each request that was sent
	}{
		{"the API", "", testAPI + "/rest/api/3/myself", "GET", 0, "", nil, []string{bearer}},
		{"another path of its origin", "", "https://api.atlassian.com/graphql", "POST", 0, "", nil, []string{bearer}},
		{"host in upper case, with the default port", "", "https://API.atlassian.com:443/x", "GET", 0, "", nil, []string{bearer}},
		{"plain http", "", "http://api.atlassian.com/ex/jira/cloud-1", "GET", 0, "", ErrAPIOrigin, nil},
		{"another port", "", "https://api.atlassian.com:8443/", "GET", 0, "", ErrAPIOrigin, nil},
		{"another host", "", "https://evil.example.com/", "GET", 0, "", ErrAPIOrigin, nil},
		{"a host with the same prefix", "", "https://api.atlassian.com.evil.example.com/", "GET", 0, "", ErrAPIOrigin, nil},
		{"the host as a user name", "", "https://api.atlassian.com@evil.example.com/", "GET", 0, "", ErrAPIOrigin, nil},
		{"the base plus a host", "", testAPI + "@evil.example.com/", "GET", 0, "", nil, []string{bearer}},

		{"a redirect within the origin", "", testAPI + "/a", "GET", 0, testAPI + "/b", nil, []string{bearer, bearer}},
		{"a redirect to another origin", "", testAPI + "/a", "GET", 0, "https://media.example.com/b", nil, []string{bearer, ""}},
		{"a redirect to a subdomain", "", testAPI + "/a", "GET", 0, "https://x.api.atlassian.com/b", nil, []string{bearer, ""}},
		{"a redirect to plain http", "", testAPI + "/a", "GET", 0, "http://api.atlassian.com/b", ErrAPIOrigin, []string{bearer}},
		{"a redirect that would send a body to another origin", "", testAPI + "/a", "POST", 307, "https://media.example.com/b", ErrAPIOrigin, []string{bearer}},
		{"a redirect that sends a body within the origin", "", testAPI + "/a", "POST", 307, testAPI + "/b", nil, []string{bearer, bearer}},

		{"a base over http", "http://api.atlassian.com", "http://api.atlassian.com/x", "GET", 0, "", ErrAPIOrigin, nil},
		{"no base", "-", "https://api.atlassian.com/x", "GET", 0, "", ErrAPIOrigin, nil},
		{"a base with a user name", "https://a:b@api.atlassian.com", "https://api.atlassian.com/x", "GET", 0, "", ErrAPIOrigin, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server := &api{redirects: map[string]string{}, status: tt.status}
			if tt.status == 0 {
				server.status = http.StatusSeeOther
			}
			if tt.redirect != "" {
				server.redirects[tt.url] = tt.redirect
			}
			tokens := Tokens{System: secret.New("sys-token"), APIBaseURL: testAPI}
			if tt.base != "" {
				tokens.APIBaseURL = strings.Trim(tt.base, "-")
			}
			r, err := http.NewRequestWithContext(t.Context(), tt.method, tt.url, strings.NewReader("body"))
			if err != nil {
				t.Fatal(err)
			}
			// If the caller sets an Authorization header itself, that is not sent to another origin either.
			r.Header.Set("Authorization", "Bearer of-the-caller")
			resp, err := tokens.AsApp(server).Do(r)
			if !errors.Is(err, tt.want) {
				t.Errorf("error %v; want %v", err, tt.want)
			}
			if err == nil {
				io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
			} else if strings.Contains(err.Error(), "sys-token") {
				t.Errorf("the error contains the token: %v", err)
			}
			var sent []string
			for _, r := range server.asked {
				if originOf(r.URL) != apiOrigin(tokens.APIBaseURL) && r.Header.Get("Referer") != "" {
					t.Errorf("another origin got the Referer %q", r.Header.Get("Referer"))
				}
				sent = append(sent, r.Header.Get("Authorization"))
			}
			if strings.Join(sent, ",") != strings.Join(tt.sent, ",") || len(sent) != len(tt.sent) {
				t.Errorf("sent %q; want %q", sent, tt.sent)
			}
			if r.Header.Get("Authorization") != "Bearer of-the-caller" {
				t.Error("the caller's request was changed")
			}
		})
	}
}

func TestAPIClientWithoutToken(t *testing.T) {
	server := &api{}
	tokens := Tokens{System: secret.New("sys-token"), APIBaseURL: testAPI}
	if _, err := tokens.AsUser(server).Get(testAPI); !errors.Is(err, ErrNoAppToken) {
		t.Errorf("error %v; want %v", err, ErrNoAppToken)
	}
	if _, err := (Tokens{}).AsApp(server).Get(testAPI); !errors.Is(err, ErrNoAppToken) {
		t.Errorf("error %v; want %v", err, ErrNoAppToken)
	}
	if len(server.asked) > 0 {
		t.Error("a request was sent without a token")
	}
	// Another Host header would reach another site at the same address.
	r := httptest.NewRequest(http.MethodGet, testAPI, nil)
	r.RequestURI, r.Host = "", "evil.example.com"
	if _, err := tokens.AsApp(server).Do(r); err == nil || len(server.asked) > 0 {
		t.Errorf("request with another Host: error %v, %d requests sent; want an error and no request", err, len(server.asked))
	}
}

// This test uses a real connection, as a backend does.
func TestAPIClientOverTLS(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.Header.Get("Authorization"))
	}))
	defer server.Close()
	resp, err := Tokens{User: secret.New("user-token"), APIBaseURL: server.URL + "/ex/jira/1"}.AsUser(server.Client().Transport).Get(server.URL + "/ex/jira/1/rest")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); string(body) != "Bearer user-token" {
		t.Errorf("the server got the Authorization header %q", body)
	}
}
