package remote

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Tokens are the OAuth tokens that came with a request, for the product's REST API, and where that is. A token that was not
// sent is the zero Secret. They are opaque, and not verified: see [AppTokens]. Who the caller is stands in the [Claims].
//
// Source: developer.atlassian.com/platform/forge/remote/calling-product-apis/
type Tokens struct {
	// System is the app's own, of x-forge-oauth-system. It is valid for at least two hours.
	System Secret
	// User is the user's, of x-forge-oauth-user: what it is used for is done as that user, with that user's permissions.
	User Secret
	// APIBaseURL is the token's app.apiBaseUrl. Paths of the REST API are appended to it:
	// tokens.APIBaseURL + "/rest/api/3/myself".
	APIBaseURL string
}

// AppTokens returns the tokens that came with a request that has passed [Verifier.Handler].
//
// There are tokens only if the platform's servers made the request (invokeRemote, events, scheduled triggers) and
// endpoint.auth in manifest.yml asks for them. So none are returned without verified claims, for a request with an Origin,
// as browsers send it (requestRemote), or for an [Exchange]'s own token.
//
// The tokens are not verified: nothing signs these headers. A user of the app can take the FIT of a requestRemote call out of
// the browser and send it by another program, without an Origin and with any token in these headers. Therefore:
//
//   - Take the user from [Claims.AccountID] and the customer from [Claims.InstallationID], never from what the API says.
//   - Before you act for the user, compare the accountId of the API's /myself with [Claims.AccountID].
//   - Do not keep a token, and do not show one user what the API answered to another's.
//   - Serve what needs these tokens where only Atlassian's outgoing addresses can reach it. They are published.
//
// A proxy in front of the backend must pass Origin on, and must not add these headers.
//
// Source: developer.atlassian.com/platform/forge/remote/essentials/,
// support.atlassian.com/organization-administration/docs/ip-addresses-and-domains-for-atlassian-cloud-products/
func AppTokens(r *http.Request) Tokens {
	claims, ok := FromContext(r.Context())
	if !ok {
		return Tokens{}
	}
	t := Tokens{APIBaseURL: claims.App.APIBaseURL}
	if claims.Exchanged || r.Header.Get("Origin") != "" {
		return t
	}
	t.System, t.User = oneToken(r.Header, "X-Forge-Oauth-System"), oneToken(r.Header, "X-Forge-Oauth-User")
	return t
}

// oneToken is the header's value, unless there are several.
func oneToken(h http.Header, name string) Secret {
	values := h.Values(name)
	if len(values) != 1 {
		return Secret{}
	}
	return NewSecret(strings.Trim(values[0], " \t"))
}

// AsApp returns a client that calls the product's REST API as the app.
//
// It sends the token to addresses of APIBaseURL's origin, over https, and to no others. A request for any other address is
// an error that matches [ErrAPIOrigin], and nothing is sent. A redirect to another https origin, as downloads make them, is
// followed without the token if it is a GET or HEAD; one to plain http is not followed. Without a token every request fails with [ErrNoAppToken].
//
// base makes the requests; nil is http.DefaultTransport. The client has no timeout: give requests a context.
func (t Tokens) AsApp(base http.RoundTripper) *http.Client { return t.client(t.System, base) }

// AsUser is [Tokens.AsApp] as the user who made the call.
func (t Tokens) AsUser(base http.RoundTripper) *http.Client { return t.client(t.User, base) }

func (t Tokens) client(token Secret, base http.RoundTripper) *http.Client {
	if base == nil {
		base = http.DefaultTransport
	}
	return &http.Client{Transport: &apiTransport{base: base, token: token, origin: apiOrigin(t.APIBaseURL)}}
}

// apiTransport adds the token.
type apiTransport struct {
	base   http.RoundTripper
	token  Secret
	origin string // empty if there is none
}

// RoundTrip never changes r, as http.RoundTripper demands.
func (t *apiTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := t.refuse(r); err != nil {
		if r.Body != nil {
			r.Body.Close()
		}
		return nil, fmt.Errorf("remote: call the product's API: %w", err)
	}
	r = r.Clone(r.Context())
	r.Header.Del("Authorization")
	if originOf(r.URL) == t.origin {
		r.Header.Set("Authorization", "Bearer "+t.token.Reveal())
	}
	return t.base.RoundTrip(r)
}

func (t *apiTransport) refuse(r *http.Request) error {
	if t.token.IsZero() {
		return ErrNoAppToken
	}
	// http.Client sets Response in the requests that a redirect made.
	redirected := r.Response != nil
	switch {
	case t.origin == "":
		return fmt.Errorf("%w: the token's app.apiBaseUrl is not an https URL", ErrAPIOrigin)
	case r.URL.Scheme != "https":
		return fmt.Errorf("%w: it is not https", ErrAPIOrigin)
	case originOf(r.URL) != t.origin && !redirected:
		return fmt.Errorf("%w: that is at %s", ErrAPIOrigin, t.origin)
	case originOf(r.URL) != t.origin && r.Method != http.MethodGet && r.Method != http.MethodHead:
		return fmt.Errorf("%w: a redirect would take the body of a %s elsewhere", ErrAPIOrigin, r.Method)
	case r.Host != "" && !strings.EqualFold(r.Host, r.URL.Host):
		return errors.New("the request's Host is not that of its URL")
	}
	return nil
}

// apiOrigin is the origin of an https URL, empty if text is none.
func apiOrigin(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return ""
	}
	return originOf(u)
}

// originOf writes an origin in one way.
func originOf(u *url.URL) string {
	host := strings.ToLower(u.Hostname())
	if port := u.Port(); port != "" && !(u.Scheme == "https" && port == "443") {
		host += ":" + port
	}
	return u.Scheme + "://" + host
}
