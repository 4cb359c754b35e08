package devhost

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/contenttype"
	"github.com/forgego/forgego/devhost/internal/devfile"
	"github.com/forgego/forgego/devhost/internal/forward"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/platform"
)

// productInput is a request to a product's REST API, as the page has read it from the command fetchProduct.
type productInput struct {
	Product string      `json:"product"`
	Method  string      `json:"method"`
	Path    string      `json:"path"`
	Header  [][2]string `json:"headers"`
	Body    []byte      `json:"body"`

	// hasKey says that the request may use the developer's credentials.
	hasKey bool
}

type productOutput struct {
	Status     int               `json:"status"`
	StatusText string            `json:"statusText"`
	Header     map[string]string `json:"headers"`
	Body       []byte            `json:"body"`
	// From says what has answered, for the page's list.
	From string `json:"from"`
}

func (h *Host) answerProduct(ctx context.Context, in productInput) (*productOutput, error) {
	dev, err := devfile.Load(h.manifest.Dir)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(in.Path, "/") {
		return nil, &apierror.Error{Code: "INVALID_REQUEST", Message: fmt.Sprintf("The path %q of a request to %s is not one; begin it with one slash.", in.Path, in.Product)}
	}
	product := dev.Products[in.Product]
	started := time.Now()
	out, err := h.productOutput(ctx, product, in)
	h.log.Debug("fetchProduct", "product", in.Product, "method", in.Method, "took", time.Since(started), "error", err)
	return out, err
}

func (h *Host) productOutput(ctx context.Context, product manifest.DevProduct, in productInput) (*productOutput, error) {
	u, err := patternURL(in.Path)
	if err != nil {
		return nil, &apierror.Error{Code: "INVALID_REQUEST", Message: err.Error()}
	}
	if fixture, ok := findFixture(product.Fixtures, in.Method, u); ok {
		return h.fixtureOutput(fixture)
	}
	if product.URL != "" {
		return h.sendOn(ctx, product, in)
	}
	return nil, &apierror.Error{Code: "NO_FIXTURE", Message: fmt.Sprintf(`Nothing answers %[2]s %[3]s for %[1]s on the local host. Write an answer into forgego.yml:

products:
  %[1]s:
    fixtures:
      - request: %[2]s %[3]s
        file: fixtures/answer.json

Or have requests sent on to a site, by "url: https://your-site.atlassian.net" beside fixtures, with "authorization:" and the name of an environment variable that has the header's value.`,
		in.Product, in.Method, u.EscapedPath())}
}

// patternURL returns the URL of a request in the form that the patterns of a ServeMux are written in: all that has a
// meaning there is escaped.
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

// fixtureHandler tells which fixture a pattern is that of; it serves nothing.
type fixtureHandler int

func (fixtureHandler) ServeHTTP(http.ResponseWriter, *http.Request) {}

// findFixture gives the fixture whose pattern is the closest to a request.
func findFixture(fixtures []manifest.DevFixture, method string, u *url.URL) (manifest.DevFixture, bool) {
	mux := http.NewServeMux()
	for i, f := range fixtures {
		mux.Handle(f.Request, fixtureHandler(i)) // forgego.yml was checked for patterns that a ServeMux refuses
	}
	handler, _ := mux.Handler(&http.Request{Method: method, URL: u, Host: "localhost"})
	i, ok := handler.(fixtureHandler)
	if !ok {
		return manifest.DevFixture{}, false
	}
	return fixtures[i], true
}

func (h *Host) fixtureOutput(f manifest.DevFixture) (*productOutput, error) {
	out := &productOutput{Status: f.Status, StatusText: http.StatusText(f.Status), Header: map[string]string{}, From: "forgego.yml"}
	if f.File != "" {
		body, err := devfile.Fixture(h.manifest.Dir, f.File)
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

// Header fields that are of one connection, or that the browser or this host sets itself.
var notSentOn = []string{
	"Accept-Encoding", "Authorization", "Connection", "Content-Length", "Cookie", "Host", "Keep-Alive", "Origin",
	"Proxy-Authorization", "Proxy-Connection", "Referer", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

var notGivenBack = []string{"Connection", "Content-Length", "Keep-Alive", "Set-Cookie", "Trailer", "Transfer-Encoding", "Upgrade", "Www-Authenticate"}

// sendOn has the developer's own site answer, with the credentials that the environment has.
func (h *Host) sendOn(ctx context.Context, product manifest.DevProduct, in productInput) (*productOutput, error) {
	fail := func(format string, args ...any) (*productOutput, error) {
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
		if name := http.CanonicalHeaderKey(field[0]); !slices.Contains(notSentOn, name) && !strings.HasPrefix(name, "Sec-") {
			r.Header.Set(name, field[1])
		}
	}
	if product.Authorization != "" {
		if !in.hasKey {
			return nil, noPageKey(in.Product)
		}
		value := os.Getenv(product.Authorization)
		if value == "" {
			return nil, &apierror.Error{Code: "NO_CREDENTIALS", Message: fmt.Sprintf("forgego.yml wants the authorization for %s from the environment variable %s, which is not set. Set it to the header's whole value, such as \"Basic …\", and start forgego again.",
				in.Product, product.Authorization)}
		}
		r.Header.Set("Authorization", value)
	}
	resp, err := forward.Client(h.transport, h.options.InvokeTimeout).Do(r)
	if err != nil {
		return fail("%s could not be reached at %s: %v", in.Product, product.URL, forward.WithoutURL(err))
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, devfile.MaxFixture+1))
	switch {
	case err != nil:
		return fail("The answer of %s broke off: %v", in.Product, forward.WithoutURL(err))
	case len(body) > devfile.MaxFixture:
		return fail("The answer of %s is larger than the local host takes (32 MB).", in.Product)
	}
	out := &productOutput{Status: resp.StatusCode, StatusText: http.StatusText(resp.StatusCode), Header: map[string]string{}, Body: body, From: u.Host}
	for name, values := range resp.Header {
		if !slices.Contains(notGivenBack, name) {
			out.Header[strings.ToLower(name)] = strings.Join(values, ", ")
		}
	}
	return out, nil
}
