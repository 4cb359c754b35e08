package remote

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/forgego/forgego/secret"
)

// Tokens holds the OAuth tokens of a request and the address of the product's REST API. A token that was not sent is the zero
// [secret.Text]. The tokens are opaque and not verified: see [AppTokens]. Take the caller's identity from the [Claims].
//
// Source: https://developer.atlassian.com/platform/forge/remote/calling-product-apis/
type Tokens struct {
	// System is the app's own token, from the header x-forge-oauth-system. It is valid for at least two hours.
	System secret.Text
	// User is the user's token, from the header x-forge-oauth-user. Requests with it act as that user, with that user's
	// permissions.
	User secret.Text
	// APIBaseURL is the claim app.apiBaseUrl. Append paths of the REST API to it:
	// tokens.APIBaseURL + "/rest/api/3/myself".
	APIBaseURL string
}

// AppTokens returns the OAuth tokens of a request that has passed [Verifier.Handler].
//
// The platform sends tokens only if its servers make the request (invokeRemote, events, scheduled triggers) and
// endpoint.auth in manifest.yml asks for them. So AppTokens returns none if the request has no verified claims, if it has an
// Origin, as browsers send it (requestRemote), or if it came with a token of an [Exchange].
//
// The tokens are not verified, because nothing signs these headers. A user of the app can copy the FIT of a requestRemote
// call from the browser and send it with another program, without an Origin and with any token in these headers. Therefore:
//
//   - Take the user from [Claims.AccountID] and the customer from [Claims.InstallationID], never from an answer of the API.
//   - Before you act for the user, compare the accountId in the API's answer to /myself with [Claims.AccountID].
//   - Do not store a token, and do not show one user what the API answered for another user's token.
//   - Serve the routes that need these tokens where only Atlassian's outgoing addresses can reach them. Atlassian publishes
//     these addresses.
//
// A proxy in front of the backend must forward Origin and must not add these headers.
//
// Source: https://developer.atlassian.com/platform/forge/remote/essentials/,
// https://support.atlassian.com/organization-administration/docs/ip-addresses-and-domains-for-atlassian-cloud-products/
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

// oneToken returns the value of a header that occurs exactly once. Otherwise it returns the zero Text.
func oneToken(h http.Header, name string) secret.Text {
	values := h.Values(name)
	if len(values) != 1 {
		return secret.Text{}
	}
	return secret.New(strings.Trim(values[0], " \t"))
}

// AsApp returns a client that calls the product's REST API as the app.
//
// The client sends the token only to the origin of APIBaseURL, over https. A request for any other address fails with
// [ErrAPIOrigin] and is not sent. The client follows a GET or HEAD redirect to another https origin, as downloads use it,
// without the token and without a Referer. It never follows a redirect to plain http. If there is no token, every request
// fails with [ErrNoAppToken].
//
// base makes the requests. If base is nil, the client uses http.DefaultTransport. The client has no timeout: set a deadline
// on the request's context.
func (t Tokens) AsApp(base http.RoundTripper) *http.Client { return t.client(t.System, base) }

// AsUser returns a client like that of [Tokens.AsApp], which calls the API as the user who made the call.
func (t Tokens) AsUser(base http.RoundTripper) *http.Client { return t.client(t.User, base) }

func (t Tokens) client(token secret.Text, base http.RoundTripper) *http.Client {
	if base == nil {
		base = http.DefaultTransport
	}
	return &http.Client{Transport: &apiTransport{base: base, token: token, origin: apiOrigin(t.APIBaseURL)}}
}

// apiTransport adds the token to requests for one origin.
type apiTransport struct {
	base   http.RoundTripper
	token  secret.Text
	origin string // empty if APIBaseURL is not an https URL
}

// RoundTrip does not change r, as http.RoundTripper requires.
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
	} else {
		// After a redirect it is the whole address at the product, whose query may have secrets.
		r.Header.Del("Referer")
	}
	return t.base.RoundTrip(r)
}

func (t *apiTransport) refuse(r *http.Request) error {
	if t.token.IsZero() {
		return ErrNoAppToken
	}
	// http.Client sets Response in requests that follow a redirect.
	redirected := r.Response != nil
	switch {
	case t.origin == "":
		return fmt.Errorf("%w: the token's app.apiBaseUrl is not an https URL", ErrAPIOrigin)
	case r.URL.Scheme != "https":
		return fmt.Errorf("%w: it is not https", ErrAPIOrigin)
	case originOf(r.URL) != t.origin && !redirected:
		return fmt.Errorf("%w, which is at %s", ErrAPIOrigin, t.origin)
	case originOf(r.URL) != t.origin && r.Method != http.MethodGet && r.Method != http.MethodHead:
		return fmt.Errorf("%w: a redirect would send the body of a %s to another origin", ErrAPIOrigin, r.Method)
	case r.Host != "" && !strings.EqualFold(r.Host, r.URL.Host):
		return errors.New("the request's Host differs from the host of its URL")
	}
	return nil
}

// apiOrigin returns the origin of an https URL, or "" if text is not one.
func apiOrigin(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return ""
	}
	return originOf(u)
}

// originOf returns the origin of u in lower case, without the default port.
func originOf(u *url.URL) string {
	host := strings.ToLower(u.Hostname())
	if port := u.Port(); port != "" && !(u.Scheme == "https" && port == "443") {
		host += ":" + port
	}
	return u.Scheme + "://" + host
}
