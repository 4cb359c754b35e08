package remote

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"

	"github.com/forgego/forgego/internal/weburl"
)

const (
	maxJWKSBytes = 1 << 20
	// maxRedirects limits the redirects that a client without a CheckRedirect follows to a key set.
	maxRedirects = 3

	// fetchTimeout limits one fetch, and logTimeout one call of the logger.
	fetchTimeout = 10 * time.Second
	logTimeout   = time.Second
	// refetchAfter is the minimum time between two fetches, so that tokens with invented key ids cannot make this server
	// flood Atlassian's.
	refetchAfter = 30 * time.Second
	// refreshAfter is the age at which keys are fetched again, so that a key that Atlassian revoked is dropped.
	refreshAfter = time.Hour
	// localRefetchAfter replaces both for a key set on a loopback address: the local host makes a new key when it starts,
	// and when its user revokes the old one.
	localRefetchAfter = time.Second
)

// keySet fetches and caches the JSON Web Key Set at a URL. It measures time by the monotonic clock, so that setting the
// machine's clock, or [WithClock], does not change its waits.
type keySet struct {
	url    string
	client *http.Client
	log    *slog.Logger
	// local reports whether url is a loopback address. Then keys that are due for a refresh are not used until it ends, so
	// that a revoked key stops working.
	local bool

	mu        sync.Mutex
	keys      map[string]*rsa.PublicKey
	fetchedAt time.Time     // of the keys
	triedAt   time.Time     // of the last fetch, even if it failed
	err       error         // of the last fetch
	flight    chan struct{} // closed when the current fetch ends; nil if there is none
}

// newKeySet returns an empty key set. address must be a valid URL.
func newKeySet(address string, client *http.Client, log *slog.Logger) *keySet {
	u, err := url.Parse(address)
	return &keySet{url: address, client: client, log: log, local: err == nil && weburl.IsLoopback(u.Hostname())}
}

// find returns the key with this id. If the id is unknown, find fetches the key set, at most once in refetchAfter. All callers
// share one fetch; each stops waiting when its ctx ends. The errors are ErrKey, ErrUnavailable and ctx's cause.
func (s *keySet) find(ctx context.Context, kid string) (*rsa.PublicKey, error) {
	s.mu.Lock()
	key, ok := s.keys[kid]
	var flight <-chan struct{}
	if !ok || time.Since(s.fetchedAt) >= s.refreshes() {
		flight = s.start()
	}
	s.mu.Unlock()
	if ok && !s.local {
		return key, nil // a refresh continues in the background
	}

	if flight != nil {
		select {
		case <-flight:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	if key, ok := s.keys[kid]; ok {
		return key, nil
	}
	if s.err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, s.err)
	}
	return nil, ErrKey
}

// any reports whether there are keys.
func (s *keySet) any() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.keys) > 0
}

// refreshes returns the age at which the keys are fetched again.
func (s *keySet) refreshes() time.Duration {
	if s.local {
		return localRefetchAfter
	}
	return refreshAfter
}

// start returns the current fetch. If there is none, it starts one, or returns nil if the last one is too recent. The caller
// holds mu.
func (s *keySet) start() <-chan struct{} {
	if s.flight != nil {
		return s.flight
	}
	wait := refetchAfter
	if s.local {
		wait = localRefetchAfter
	}
	if !s.triedAt.IsZero() && time.Since(s.triedAt) < wait {
		return nil
	}
	s.triedAt = time.Now()
	s.flight = make(chan struct{})
	go s.fetch()
	return s.flight
}

// fetch fetches the key set. It uses its own context, because the request that started it may be cancelled while others wait.
// It ends within fetchTimeout, even if the user's HTTP client ignores its context.
func (s *keySet) fetch() {
	ctx, cancel := context.WithTimeout(context.Background(), fetchTimeout)
	defer cancel()
	keys, err := run(ctx, func(ctx context.Context) (map[string]*rsa.PublicKey, error) {
		keys, err := s.load(ctx)
		if err != nil {
			// The methods of the client's error are the user's code too. Call them here, where run catches a panic.
			_, _ = err.Error(), errors.Is(err, errLate)
		}
		return keys, err
	})
	if err != nil {
		s.report(err)
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
	if err == nil {
		s.keys, s.fetchedAt = keys, time.Now()
	}
	close(s.flight)
	s.flight = nil
}

// report logs a failed fetch. It does not hold mu meanwhile, because the logger is the user's code.
func (s *keySet) report(failed error) {
	s.mu.Lock()
	attrs := []any{"url", s.url, "error", failed, "keysKept", len(s.keys)}
	s.mu.Unlock()
	if p, ok := failed.(*panicError); ok { // not errors.As, which may call a method of the client's error
		attrs = append(attrs, "stack", string(p.stack))
	}
	ctx, cancel := context.WithTimeout(context.Background(), logTimeout)
	defer cancel()
	_, err := run(ctx, func(ctx context.Context) (struct{}, error) {
		s.log.WarnContext(ctx, "fetching the key set failed", attrs...)
		return struct{}{}, nil
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "remote: the logger failed:", err)
	}
}

func (s *keySet) load(ctx context.Context) (map[string]*rsa.PublicKey, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	// A transport may follow redirects itself, as a browser's fetch does.
	if resp.Request != nil && resp.Request.URL != nil {
		if err := checkRedirect(resp.Request.URL, req.URL); err != nil {
			return nil, err
		}
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", resp.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxJWKSBytes+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxJWKSBytes {
		return nil, fmt.Errorf("longer than %d bytes", maxJWKSBytes)
	}
	return parseKeys(body)
}

// keyClient returns a copy of c that fetches key sets. Its CheckRedirect also refuses redirects to plain http, in addition to
// c's own rules: anybody could have sent keys that come over plain http.
func keyClient(c *http.Client) *http.Client {
	own := *c
	rule := own.CheckRedirect
	own.CheckRedirect = func(req *http.Request, via []*http.Request) error {
		for _, earlier := range via {
			if err := checkRedirect(req.URL, earlier.URL); err != nil {
				return err
			}
		}
		if rule != nil {
			return rule(req, via)
		}
		if len(via) > maxRedirects {
			return errors.New("too many redirects")
		}
		return nil
	}
	return &own
}

// checkRedirect returns an error if a redirect leads to a URL that keys must not come from.
func checkRedirect(to, from *url.URL) error {
	if to.Scheme != "https" && (from.Scheme == "https" || to.Scheme != "http" || !weburl.IsLoopback(to.Hostname())) {
		return fmt.Errorf("redirect from %s to %s, which cannot be trusted for keys", from.Scheme, to.Scheme)
	}
	return nil
}
