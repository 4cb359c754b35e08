package diagnosis

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/forgego/forgego/internal/cors"
	"github.com/forgego/forgego/internal/fetchspec"
	"github.com/forgego/forgego/internal/noanswer"
	"github.com/forgego/forgego/internal/weburl"
)

// askTime limits how long Ask waits for the remote.
const askTime = 3 * time.Second

// maxHeaders is how many names of header fields a question may have.
const maxHeaders = 100

// ErrInvalid means that no browser sends such a request.
var ErrInvalid = errors.New("no browser sends such a request")

// Request is a request that a page has made.
type Request struct {
	Method string
	URL    weburl.URL
	// Headers are the names of the header fields for which the browser asks the remote's permission.
	Headers []string
	// Origin is the page's origin.
	Origin string
}

func (r Request) check() error {
	if !fetchspec.IsToken(r.Method) || len(r.Headers) > maxHeaders {
		return ErrInvalid
	}
	for _, name := range r.Headers {
		if !fetchspec.IsToken(name) {
			return ErrInvalid
		}
	}
	return nil
}

// Ask sends the preflight request that the browser has sent, and returns what is wrong with the remote's answer. If nothing
// is, it says where else to look. It never repeats the request itself, and it sends no token.
func Ask(ctx context.Context, transport http.RoundTripper, r Request) (string, error) {
	if err := r.check(); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	ask, err := http.NewRequestWithContext(ctx, http.MethodOptions, r.URL.String(), nil)
	if err != nil {
		return "", ErrInvalid
	}
	names := slices.Clone(r.Headers)
	for i, name := range names {
		names[i] = strings.ToLower(name)
	}
	slices.Sort(names)
	ask.Header.Set("Origin", r.Origin)
	ask.Header.Set("Sec-Fetch-Mode", "cors")
	ask.Header.Set("Access-Control-Request-Method", r.Method)
	if len(names) > 0 {
		ask.Header.Set("Access-Control-Request-Headers", strings.Join(slices.Compact(names), ","))
	}
	// Browsers follow no redirect of a preflight request. RoundTrip follows none either.
	resp, err := transport.RoundTrip(ask)
	if err != nil {
		return Unreachable("remote", r.URL, err), nil
	}
	resp.Body.Close()
	remote := cors.Server{Kind: "remote", Advice: "Add " + r.Origin + " to the origins that it allows."}
	if text := remote.Problem(ask, resp.StatusCode, resp.Header); text != "" {
		return text, nil
	}
	return "the remote allows the request in its answer to the browser's preflight request. So its answer to the request itself " +
		"allows no origin, or leads elsewhere, or the connection broke, as after a panic: see the remote's output, and the browser's console.", nil
}

// Unreachable says why there is no answer from a URL. kind is "remote" or "service", and err is an http.RoundTripper's.
func Unreachable(kind string, u weburl.URL, err error) string {
	return noanswer.Sentence(kind, u.Origin(), err)
}
