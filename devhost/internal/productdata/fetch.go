// Package productdata answers requests for a product's data: its REST APIs, the Teamwork Graph, recommended users and
// feature flags. The answers come from the files that forgego.yml names, or from the developer's own site.
package productdata

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/contenttype"
	"github.com/forgego/forgego/devhost/internal/devfile"
	"github.com/forgego/forgego/devhost/internal/forward"
	"github.com/forgego/forgego/internal/fetchspec"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/platform"
	"github.com/forgego/forgego/internal/smalljson"
)

// Data answers for the products of one app.
type Data struct {
	// Dir is the app's folder.
	Dir string
	// Client sends requests to the developer's site.
	Client *http.Client
	Log    *slog.Logger
}

// Request is a request to a product's REST API. The page has read it from the command fetchProduct.
type Request struct {
	Product string                    `json:"product"`
	Method  string                    `json:"method"`
	Path    string                    `json:"path"`
	Header  smalljson.List[[2]string] `json:"headers"`
	Body    []byte                    `json:"body"`

	// UseCredentials reports whether the request may use the developer's credentials.
	UseCredentials bool `json:"-"`
}

// Response is the product's response.
type Response struct {
	Status     int               `json:"status"`
	StatusText string            `json:"statusText"`
	Header     map[string]string `json:"headers"`
	Body       []byte            `json:"body"`
	// From names what has answered, for the page's list.
	From string `json:"from"`
}

// Fetch answers fetchProduct. It reads forgego.yml first.
func (d *Data) Fetch(ctx context.Context, in Request) (*Response, error) {
	dev, err := devfile.Load(d.Dir)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(in.Path, "/") {
		return nil, &apierror.Error{Code: "INVALID_REQUEST", Message: fmt.Sprintf("The path %q of a request to %s is invalid; begin it with one slash.", in.Path, in.Product)}
	}
	product := dev.Products[in.Product]
	started := time.Now()
	out, err := d.fetch(ctx, product, in)
	d.Log.Debug("fetchProduct", "product", in.Product, "method", in.Method, "took", time.Since(started), "error", err)
	return out, err
}

func (d *Data) fetch(ctx context.Context, product manifest.DevProduct, in Request) (*Response, error) {
	u, err := patternURL(in.Path)
	if err != nil {
		return nil, &apierror.Error{Code: "INVALID_REQUEST", Message: err.Error()}
	}
	if fixture, ok := findFixture(product.Fixtures, in.Method, u); ok {
		return d.fixtureResponse(fixture)
	}
	if product.URL != "" {
		return d.forward(ctx, product, in)
	}
	return nil, &apierror.Error{Code: "NO_FIXTURE", Message: fmt.Sprintf(`Nothing answers %[2]s %[3]s for %[1]s on the local host. Add an answer to forgego.yml:

products:
  %[1]s:
    fixtures:
      - request: %[2]s %[3]s
        file: fixtures/answer.json

Or let the local host forward requests to a site: next to fixtures, write "url: https://your-site.atlassian.net", and "authorization:" with the name of an environment variable that holds the header's value.`,
		in.Product, in.Method, u.EscapedPath())}
}

// patternURL returns a URL that a ServeMux can match with its patterns. It escapes all characters that have a meaning in
// patterns.
func patternURL(path string) (*url.URL, error) {
	u, err := platform.Append("https://product.invalid", path)
	if err != nil {
		return nil, err
	}
	segments := strings.Split(u.Path, "/")
	for i, segment := range segments {
		segments[i] = url.PathEscape(platform.Unescape(segment))
	}
	return url.ParseRequestURI(strings.Join(segments, "/") + u.Query)
}

// fixtureHandler is the index of a fixture. It implements http.Handler so that a ServeMux can return it; it serves nothing.
type fixtureHandler int

func (fixtureHandler) ServeHTTP(http.ResponseWriter, *http.Request) {}

// findFixture returns the fixture with the most specific pattern that matches a request.
func findFixture(fixtures []manifest.DevFixture, method string, u *url.URL) (manifest.DevFixture, bool) {
	mux := http.NewServeMux()
	for i, f := range fixtures {
		mux.Handle(f.Request, fixtureHandler(i)) // package manifest has refused invalid patterns
	}
	handler, _ := mux.Handler(&http.Request{Method: method, URL: u, Host: "localhost"})
	i, ok := handler.(fixtureHandler)
	if !ok {
		return manifest.DevFixture{}, false
	}
	return fixtures[i], true
}

func (d *Data) fixtureResponse(f manifest.DevFixture) (*Response, error) {
	out := &Response{Status: f.Status, StatusText: http.StatusText(f.Status), Header: map[string]string{}, From: "forgego.yml"}
	if f.File != "" {
		body, err := devfile.Fixture(d.Dir, f.File)
		if err != nil {
			return nil, err
		}
		out.Body, out.From = body, f.File
		out.Header["content-type"] = contenttype.Of(f.File)
	}
	for name, value := range f.Header {
		out.Header[strings.ToLower(name)] = value
	}
	return out, nil
}

// forward sends a request to the developer's own site, with the credentials in the environment.
func (d *Data) forward(ctx context.Context, product manifest.DevProduct, in Request) (*Response, error) {
	fail := func(format string, args ...any) (*Response, error) {
		return nil, &apierror.Error{Code: "PRODUCT_UNREACHABLE", Message: fmt.Sprintf(format, args...)}
	}
	u, err := platform.Append(product.URL, in.Path)
	if err != nil {
		return nil, &apierror.Error{Code: "INVALID_REQUEST", Message: err.Error()}
	}
	r, err := platform.NewRequest(ctx, in.Method, u, bytes.NewReader(in.Body))
	if err != nil {
		return nil, &apierror.Error{Code: "INVALID_REQUEST", Message: err.Error()}
	}
	for _, field := range in.Header {
		name, value := field[0], field[1]
		if !strings.EqualFold(name, "Authorization") && !fetchspec.IsForbiddenRequestHeader(name, value) {
			r.Header.Set(name, value)
		}
	}
	if product.Authorization != "" {
		if !in.UseCredentials {
			return nil, keyRequired(in.Product)
		}
		value, err := product.AuthorizationHeader(in.Product)
		if err != nil {
			return nil, &apierror.Error{Code: "NO_CREDENTIALS", Message: err.Error()}
		}
		r.Header.Set("Authorization", value)
	}
	resp, err := d.Client.Do(r)
	if err != nil {
		return fail("%s could not be reached at %s: %v", in.Product, product.URL, forward.WithoutURL(err))
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, devfile.MaxFixture+1))
	switch {
	case err != nil:
		return fail("The answer of %s ended early: %v", in.Product, forward.WithoutURL(err))
	case len(body) > devfile.MaxFixture:
		return fail("The answer of %s is larger than the local host accepts (32 MB).", in.Product)
	}
	out := &Response{Status: resp.StatusCode, StatusText: http.StatusText(resp.StatusCode), Header: map[string]string{}, Body: body, From: u.Host}
	for name, values := range resp.Header {
		if platform.ReturnsProductHeader(name) {
			out.Header[strings.ToLower(name)] = strings.Join(values, ", ")
		}
	}
	return out, nil
}

// keyRequired returns the error for a request that needs credentials but may not use them.
func keyRequired(product string) error {
	return &apierror.Error{Code: "KEY_REQUIRED", Message: fmt.Sprintf("Requests to %s are sent with the credentials that forgego.yml names. So the local host accepts them only from a page that was opened with the key of this start. "+
		"Open the address that forgego dev has printed; it ends in #key=…. If it does not, forgego.yml has changed since: start forgego dev again.", product)}
}
