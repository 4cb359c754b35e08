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
)

const (
	maxJWKSBytes = 1 << 20
	// maxRedirects is how many redirects a client without rules of its own follows to a key set.
	maxRedirects = 3

	// fetchTimeout ends a fetch whoever waits for it, and logTimeout a logger that is told of it.
	fetchTimeout = 10 * time.Second
	logTimeout   = time.Second
	// refetchAfter is the least time between two fetches, so that tokens with invented key ids cannot turn this server
	// into one that floods Atlassian's.
	refetchAfter = 30 * time.Second
	// localRefetchAfter takes the place of both where the key set is on a loopback address: the local host has a
	// new key each time it starts, and whenever someone tries what happens when it takes the old one back.
	localRefetchAfter = time.Second
	// refreshAfter is when known keys are fetched again, so that a key that Atlassian took back does not stay for ever.
	refreshAfter = time.Hour
)

// keySet is a JSON Web Key Set behind a URL. Its waits are measured by the monotonic clock, so that they do not change when
// the machine's clock, or that of [WithClock], is set.
type keySet struct {
	url    string
	client *http.Client
	log    *slog.Logger
	// local says that the set is on a loopback address. Keys that are due for a refresh are not used meanwhile then, so
	// that those taken back are gone.
	local bool

	mu        sync.Mutex
	keys      map[string]*rsa.PublicKey
	fetchedAt time.Time     // of the keys
	triedAt   time.Time     // of the last fetch, good or bad
	err       error         // of the last fetch
	flight    chan struct{} // closed when the fetch under way ends; nil if none is
}

// newKeySet returns an empty one, ready for use. The URL has been checked.
func newKeySet(address string, client *http.Client, log *slog.Logger) *keySet {
	u, err := url.Parse(address)
	return &keySet{url: address, client: client, log: log, local: err == nil && isLoopback(u.Hostname())}
}

// find returns the key with this id. It fetches the key set if the id is unknown, at most once in refetchAfter; all
// who wait share one fetch, and each leaves by its own ctx. Errors: ErrKey, ErrUnavailable, ctx's cause.
func (s *keySet) find(ctx context.Context, kid string) (*rsa.PublicKey, error) {
	s.mu.Lock()
	key, ok := s.keys[kid]
	var flight <-chan struct{}
	if !ok || time.Since(s.fetchedAt) >= s.refreshes() {
		flight = s.start()
	}
	s.mu.Unlock()
	if ok && !s.local {
		return key, nil // a refresh goes on in the background
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

// refreshes is how old the keys may become.
func (s *keySet) refreshes() time.Duration {
	if s.local {
		return localRefetchAfter
	}
	return refreshAfter
}

// start returns the fetch under way, having begun one if it may; nil if it is too soon. The caller holds mu.
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

// fetch has a context of its own: the request that began it may be cancelled while others wait. It ends in fetchTimeout,
// whatever the user's HTTP client does.
func (s *keySet) fetch() {
	ctx, cancel := context.WithTimeout(context.Background(), fetchTimeout)
	defer cancel()
	keys, err := run(ctx, func(ctx context.Context) (map[string]*rsa.PublicKey, error) {
		keys, err := s.load(ctx)
		if err != nil {
			// The methods of the client's error are the user's too. If they panic, then here.
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

// report logs a failed fetch, without the lock: the logger is the user's too.
func (s *keySet) report(failed error) {
	s.mu.Lock()
	attrs := []any{"url", s.url, "error", failed, "keysKept", len(s.keys)}
	s.mu.Unlock()
	if p := (*panicError)(nil); errors.As(failed, &p) {
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
	// A transport may have followed redirects by itself, as a browser's fetch does.
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

// keyClient returns a copy of c that fetches key sets. Whatever c's own rules are for redirects, they are followed only to
// where a key set may be: keys that came over plain http could be anybody's.
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

// checkRedirect reports whether keys may come from a URL, to which another one led.
func checkRedirect(to, from *url.URL) error {
	if to.Scheme != "https" && (from.Scheme == "https" || to.Scheme != "http" || !isLoopback(to.Hostname())) {
		return fmt.Errorf("redirect from %s to %s, where keys could be anybody's", from.Scheme, to.Scheme)
	}
	return nil
}
