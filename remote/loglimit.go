package remote

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// logInterval is the minimum time between two log lines about refusals of the same kind.
const logInterval = time.Second

// refusalKinds lists the kinds of refusals. A refusal with several reasons is of the first kind that matches.
var refusalKinds = [...]error{
	errForeignOrigin, errLargePreflight, errNoToken, errManyTokens, errNoClaims,
	ErrReplayed, ErrReplaysFull, ErrUnavailable,
	ErrMalformed, ErrAlgorithm, ErrKey, ErrSignature,
	ErrIssuer, ErrAudience, ErrInstallation, ErrEnvironment, ErrIsolatedCloud, ErrExpired, ErrNotYetValid,
}

// logLimit limits the log to one line in logInterval for each kind of refusal. Otherwise strangers could fill the log. It
// measures time by the monotonic clock. The zero value is ready.
type logLimit struct {
	mu    sync.Mutex
	kinds [len(refusalKinds) + 1]struct { // the last is for all other reasons
		logged     time.Time
		suppressed int
	}
}

// allow reports whether a refusal may be logged now, and how many of its kind were not logged since the last one that was.
func (l *logLimit) allow(reason error) (suppressed int, ok bool) {
	kind := 0
	for kind < len(refusalKinds) && !errors.Is(reason, refusalKinds[kind]) {
		kind++
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	k := &l.kinds[kind]
	if !k.logged.IsZero() && time.Since(k.logged) < logInterval {
		k.suppressed++
		return 0, false
	}
	suppressed = k.suppressed
	k.logged, k.suppressed = time.Now(), 0
	return suppressed, true
}

// logRefusal logs why a request was refused, if the limit allows it.
func (v *Verifier) logRefusal(ctx context.Context, level slog.Level, message string, reason error, attrs ...slog.Attr) {
	suppressed, ok := v.limit.allow(reason)
	if !ok {
		return
	}
	attrs = append(attrs, slog.Any("reason", reason))
	if suppressed > 0 {
		attrs = append(attrs, slog.Int("suppressed", suppressed))
	}
	v.log.LogAttrs(ctx, level, message, attrs...)
}
