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

// DefaultReplays is how many used tokens [Verifier.Once] remembers at a time, each until it expires: what 4,000 calls a
// second need, in about 10 MB.
const DefaultReplays = 100_000

// Replays remembers which tokens have been used. It must be safe for concurrent use. It is called in the request's goroutine,
// which waits for it: return when ctx ends.
type Replays interface {
	// Use notes that the token with this id is used and reports whether it had not been. The id is 64 hex digits; the note
	// may be forgotten after expires. Where two ask at once, it is the first for one of them only: in SQL,
	// INSERT … ON CONFLICT DO NOTHING, and whether a row was added. An error refuses the request with 503.
	Use(ctx context.Context, id string, expires time.Time) (first bool, err error)
}

// Once returns a handler that accepts each FIT for one call that changes something, so that a token that was overheard
// cannot repeat the call: of a second one with the same jti only GET, HEAD and OPTIONS pass. The second is refused with 401
// ([ErrReplayed]). It stands behind [Verifier.Handler], around the routes that matter.
//
//   - Only for calls by invokeRemote. For requestRemote the product's page keeps one token until it expires and makes several
//     calls with it, which would be refused. The same goes for tokens of an [Exchange], which are refused too.
//   - A call that failed has used its token: a retry needs a new one.
//   - By default each process remembers for itself, so that a token can be used once in each. Bring a store that they share,
//     by [WithReplays]. A process forgets when it ends; a FIT lives 25 seconds.
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

// memory is the Replays of one process.
type memory struct {
	most  int
	now   func() time.Time
	start time.Time

	mu     sync.Mutex
	used   map[string]use
	sweeps time.Duration // since start: when it may be looked through again
}

// use is one token's. It is forgotten when the token has expired by the clock that says whether it is valid, and its life is
// over by the monotonic clock too: a clock that was ahead for a moment must not make it new.
type use struct {
	expires time.Time
	over    time.Duration // since start
}

func newMemory(most int, now func() time.Time) *memory {
	return &memory{most: most, now: now, start: time.Now(), used: make(map[string]use)}
}

// sweepAfter is how long what has expired may stay.
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
