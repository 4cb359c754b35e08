package platform

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// Proxy performs invocations by the platform's rules.
type Proxy struct {
	// Transport sends requests to the remote. If it is nil, it is http.DefaultTransport.
	Transport http.RoundTripper
	// Timeout limits the whole exchange. If it is zero, it is the platform's 25 s.
	Timeout time.Duration
}

var errLimit = errors.New("the remote's time is up")

// exchange makes a request, sends it, and reads its answer within the time limit.
func exchange[T any](ctx context.Context, p *Proxy, request func(context.Context) (*http.Request, error), read func(*http.Response) (*T, error)) (*T, error) {
	limit := p.Timeout
	if limit == 0 {
		limit = Timeout
	}
	bounded, cancel := context.WithTimeoutCause(ctx, limit, errLimit)
	defer cancel()
	r, err := request(bounded)
	if err != nil {
		return nil, err
	}
	answer, err := send(p, r, read)
	switch {
	case err == nil:
		return answer, nil
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case context.Cause(bounded) == errLimit:
		return nil, TimeIsUp(limit, err)
	}
	return nil, err
}

func send[T any](p *Proxy, r *http.Request, read func(*http.Response) (*T, error)) (*T, error) {
	transport := p.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	// Unlike a client, a transport neither follows redirects nor keeps cookies.
	resp, err := transport.RoundTrip(r)
	if failed := (*Error)(nil); errors.As(err, &failed) {
		return nil, failed // a test's transport chooses how the call fails
	}
	if err != nil {
		return nil, networkError(err)
	}
	defer resp.Body.Close()
	return read(resp)
}
