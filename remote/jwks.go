package remote

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	maxJWKSBytes = 1 << 20
	// minKeyBits is the least that is safe. The most, above which each verification would be slow, is go-jose's
	// MaxRSAModulusBits.
	minKeyBits = 2048

	// fetchTimeout ends a fetch whoever waits for it.
	fetchTimeout = 10 * time.Second
	// refetchAfter is the least time between two fetches, so that tokens with invented key ids cannot turn this server
	// into one that floods Atlassian's.
	refetchAfter = 30 * time.Second
	// localRefetchAfter takes the place of both where the key set is on a loopback address: the local host has a
	// new key each time it starts, and whenever someone tries what happens when it takes the old one back.
	localRefetchAfter = time.Second
	// refreshAfter is when known keys are fetched again, so that a key that Atlassian took back does not stay for ever.
	refreshAfter = time.Hour
)

// keySet is a JSON Web Key Set behind a URL.
type keySet struct {
	url    string
	client *http.Client
	now    func() time.Time
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
func newKeySet(address string, client *http.Client, now func() time.Time, log *slog.Logger) *keySet {
	u, err := url.Parse(address)
	return &keySet{url: address, client: client, now: now, log: log, local: err == nil && isLoopback(u.Hostname())}
}

// find returns the key with this id. It fetches the key set if the id is unknown, at most once in refetchAfter; all
// who wait share one fetch, and each leaves by its own ctx. Errors: ErrKey, ErrUnavailable, ctx's cause.
func (s *keySet) find(ctx context.Context, kid string) (*rsa.PublicKey, error) {
	s.mu.Lock()
	key, ok := s.keys[kid]
	var flight <-chan struct{}
	if !ok || s.now().Sub(s.fetchedAt) >= s.refreshes() {
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
	now := s.now()
	if !s.triedAt.IsZero() && now.Sub(s.triedAt) < wait {
		return nil
	}
	s.triedAt = now
	s.flight = make(chan struct{})
	go s.fetch()
	return s.flight
}

// fetch has a context of its own: the request that began it may be cancelled while others wait.
func (s *keySet) fetch() {
	ctx, cancel := context.WithTimeout(context.Background(), fetchTimeout)
	defer cancel()
	keys, err := s.load(ctx)

	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
	if err == nil {
		s.keys, s.fetchedAt = keys, s.now()
	} else {
		s.log.Warn("fetching the key set failed", "url", s.url, "error", err, "keysKept", len(s.keys))
	}
	close(s.flight)
	s.flight = nil
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

// parseKeys returns the keys that can verify a FIT, by id. Others are left out rather than refused, so that a new kind
// of key does not take the good ones with it.
func parseKeys(body []byte) (map[string]*rsa.PublicKey, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, errors.New("not a JSON Web Key Set")
	}
	keys := make(map[string]*rsa.PublicKey)
	for _, raw := range set.Keys {
		var jwk jose.JSONWebKey
		if err := jwk.UnmarshalJSON(raw); err != nil {
			continue
		}
		key, ok := usable(jwk)
		if _, taken := keys[jwk.KeyID]; ok && !taken {
			keys[jwk.KeyID] = key
		}
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("no usable key among %d", len(set.Keys))
	}
	return keys, nil
}

func usable(jwk jose.JSONWebKey) (*rsa.PublicKey, bool) {
	key, ok := jwk.Key.(*rsa.PublicKey)
	return key, ok &&
		jwk.KeyID != "" && len(jwk.KeyID) <= maxKIDBytes &&
		(jwk.Use == "" || jwk.Use == "sig") &&
		(jwk.Algorithm == "" || jwk.Algorithm == string(jose.RS256)) &&
		key.N.BitLen() >= minKeyBits
}
