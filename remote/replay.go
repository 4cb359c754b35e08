package remote

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// DefaultReplays is how many used tokens [Verifier.Once] remembers by default, each until it expires. This is enough for 4,000
// calls a second, and takes about 10 MB.
const DefaultReplays = 100_000

// Replays stores which tokens have been used. It must be safe for concurrent use. The request waits for it, so Use must return
// when ctx ends.
type Replays interface {
	// Use stores that the token with this id is used, and reports whether this is its first use. The id is 64 hex digits. The
	// entry may be deleted after expires. If two calls run at once, only one may return true: in SQL, use
	// INSERT … ON CONFLICT DO NOTHING and return whether it added a row. If Use returns an error, the request is refused
	// with 503.
	Use(ctx context.Context, id string, expires time.Time) (first bool, err error)
}

// Once returns a handler that accepts each FIT for one change only, so that a stolen token cannot repeat a call. It refuses
// the second request with the same jti with 401 ([ErrReplayed]). GET, HEAD and OPTIONS always pass. Wrap the routes that need
// it in Once, and the result in [Verifier.Handler].
//
//   - Use it only for calls by invokeRemote. For requestRemote the product's page makes several calls with one token, and
//     Once would refuse them. Once also refuses tokens of an [Exchange], which are for many calls.
//   - A call that fails has used its token. A retry needs a new one.
//   - By default each process has its own store, so a token can be used once in each process. Use [WithReplays] for a shared
//     store. The default store ends with the process; a FIT lives 25 seconds.
func (v *Verifier) Once(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet, http.MethodHead, http.MethodOptions:
		default:
			if err := v.use(r.Context()); err != nil {
				v.refuse(w, r, fitRefusals, err)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

func (v *Verifier) use(ctx context.Context) error {
	claims, ok := FromContext(ctx)
	if !ok {
		return errNoClaims
	}
	if claims.Exchanged {
		return fmt.Errorf("%w: an exchanged token is for many calls", ErrReplayed)
	}
	if claims.ID == "" {
		return fmt.Errorf("%w: no jti", ErrMalformed)
	}
	sum := sha256.Sum256([]byte(claims.App.ID + "\n" + claims.ICLabel + "\n" + claims.ID))
	first, err := v.replays.Use(ctx, hex.EncodeToString(sum[:]), claims.ExpiresAt.Add(v.leeway))
	switch {
	case errors.Is(err, ErrReplaysFull):
		return err
	case err != nil:
		return fmt.Errorf("%w: the store of used tokens: %w", ErrUnavailable, err)
	case !first:
		return ErrReplayed
	}
	return nil
}

// memory is a Replays in the memory of this process.
type memory struct {
	most  int
	now   func() time.Time
	start time.Time

	mu     sync.Mutex
	used   map[string]use
	sweeps time.Duration // since start: when the next sweep is due
}

// use is the entry of one token. It is deleted when the token has expired by both clocks: the one that decides whether the
// token is valid, and the monotonic clock. Otherwise a token could be used again after the clock was ahead for a moment.
type use struct {
	expires time.Time
	over    time.Duration // since start
}

func newMemory(most int, now func() time.Time) *memory {
	return &memory{most: most, now: now, start: time.Now(), used: make(map[string]use)}
}

// sweepAfter is the time between two sweeps for expired entries.
const sweepAfter = 10 * time.Second

func (m *memory) Use(_ context.Context, id string, expires time.Time) (bool, error) {
	now := m.now()
	m.mu.Lock()
	defer m.mu.Unlock()
	passed := time.Since(m.start)
	if passed >= m.sweeps {
		m.sweeps = passed + sweepAfter
		for other, u := range m.used {
			if !now.Before(u.expires) && passed >= u.over {
				delete(m.used, other)
			}
		}
	}
	if _, ok := m.used[id]; ok {
		return false, nil
	}
	if len(m.used) >= m.most {
		return false, ErrReplaysFull
	}
	m.used[id] = use{expires, passed + expires.Sub(now)}
	return true, nil
}
