package remote

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

// redirecting answers each URL of a chain with a redirect to the next one, and the last URL with a key set.
type redirecting struct {
	chain []string
	asked []string
	// follows is true if the transport follows redirects itself, as a browser's fetch does.
	follows bool
}

func (s *redirecting) RoundTrip(r *http.Request) (*http.Response, error) {
	for {
		s.asked = append(s.asked, r.URL.String())
		if len(s.asked) == len(s.chain) {
			resp := jsonResponse(http.StatusOK, jwks(jwk(testKID, testKey(), nil)))
			resp.Request = r
			return resp, nil
		}
		to := s.chain[len(s.asked)]
		if !s.follows {
			resp := jsonResponse(http.StatusFound, "")
			resp.Header.Set("Location", to)
			return resp, nil
		}
		next, err := http.NewRequest(http.MethodGet, to, nil)
		if err != nil {
			return nil, err
		}
		r = next
	}
}

// Over plain http, anybody on the network could send other keys. So these redirects are refused, whatever HTTP client is
// passed. New must not change that client.
func TestKeySetRedirects(t *testing.T) {
	const secure, other, plain = "https://keys.example.com/a", "https://other.example.com/b", "http://keys.example.com/b"
	const local, localSecure = "http://127.0.0.1:8080/a", "https://127.0.0.1:8443/b"
	anywhere := func(*http.Request, []*http.Request) error { return nil }
	for _, tt := range []struct {
		name    string
		chain   []string
		client  http.Client
		follows bool
		asked   int
		ok      bool
	}{
		{"none", []string{secure}, http.Client{}, false, 1, true},
		{"from https to https", []string{secure, other}, http.Client{}, false, 2, true},
		{"three", []string{secure, other, secure, other}, http.Client{}, false, 4, true},
		{"four", []string{secure, other, secure, other, secure}, http.Client{}, false, 4, false},
		{"four, by a client that allows them", []string{secure, other, secure, other, secure}, http.Client{CheckRedirect: anywhere}, false, 5, true},
		{"from https to http", []string{secure, plain}, http.Client{}, false, 1, false},
		{"from https to http, by a client that allows it", []string{secure, plain}, http.Client{CheckRedirect: anywhere}, false, 1, false},
		{"from https to https to http", []string{secure, other, plain}, http.Client{CheckRedirect: anywhere}, false, 2, false},
		{"from https to http on loopback", []string{secure, local}, http.Client{CheckRedirect: anywhere}, false, 1, false},
		{"within loopback", []string{local, "http://localhost:9090/"}, http.Client{}, false, 2, true},
		{"from loopback to https", []string{local, localSecure}, http.Client{}, false, 2, true},
		{"from loopback to https to loopback", []string{local, localSecure, local}, http.Client{CheckRedirect: anywhere}, false, 2, false},
		{"from loopback to http elsewhere", []string{local, plain}, http.Client{CheckRedirect: anywhere}, false, 1, false},
		{"refused by the client's own rule", []string{secure, other}, http.Client{CheckRedirect: func(*http.Request, []*http.Request) error {
			return errors.New("no redirects")
		}}, false, 1, false},
		{"not followed by the client's own rule", []string{secure, other}, http.Client{CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		}}, false, 1, false},
		{"https to https, by a transport that follows", []string{secure, other}, http.Client{}, true, 2, true},
		{"https to http, by a transport that follows", []string{secure, plain}, http.Client{}, true, 2, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server := &redirecting{chain: tt.chain, follows: tt.follows}
			client := tt.client
			client.Transport = server
			v := newVerifier(t, WithJWKSURL(tt.chain[0]), WithHTTPClient(&client))
			if (client.CheckRedirect == nil) != (tt.client.CheckRedirect == nil) {
				t.Error("New changed the client that it got")
			}
			// A later change of the client has no effect either.
			client.CheckRedirect, client.Transport = anywhere, nil
			_, err := v.Verify(t.Context(), fit(nil))
			if tt.ok && err != nil {
				t.Error(err)
			}
			if !tt.ok {
				assertErrors(t, err, ErrUnavailable)
			}
			if len(server.asked) != tt.asked {
				t.Errorf("requested %q; want %d requests", server.asked, tt.asked)
			}
		})
	}
}

// The same holds for the keys of isolated clouds.
func TestIsolatedCloudRedirects(t *testing.T) {
	server := &redirecting{chain: []string{"https://keys.orange.example.com/jwks.json", "http://keys.orange.example.com/jwks.json"}}
	v := newVerifier(t, WithHTTPClient(&http.Client{Transport: server}), WithIsolatedClouds("https://keys.{IC_LABEL}.example.com/jwks.json"))
	_, err := v.Verify(t.Context(), fit(object{"icLabel": "orange"}))
	assertErrors(t, err, ErrUnavailable)
	if len(server.asked) != 1 || !strings.Contains(err.Error(), "redirect") {
		t.Errorf("requested %q, error %v; want one request and an error about the redirect", server.asked, err)
	}
}
