package remote

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// The clock of WithClock stands still here. It does not decide what is logged.
func TestRefusalsAreLoggedOncePerSecondAndKind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		handler := newVerifier(t, WithLogger(slog.New(slog.NewTextHandler(&log, nil)))).Handler(http.NotFoundHandler())
		refused := func(header http.Header) string {
			log.Reset()
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header = header
			handler.ServeHTTP(httptest.NewRecorder(), r)
			return log.String()
		}
		foreign := func(origin string) http.Header { return http.Header{"Origin": {origin}} }

		if line := refused(foreign("https://a.example.com")); !strings.Contains(line, "https://a.example.com") || strings.Contains(line, "suppressed") {
			t.Errorf("first line %q", line)
		}
		// Other kinds are not suppressed. Other origins are the same kind.
		if line := refused(http.Header{}); !strings.Contains(line, errNoToken.Error()) {
			t.Errorf("first line of another kind %q", line)
		}
		if line := refused(authorized("junk")); !strings.Contains(line, ErrMalformed.Error()) {
			t.Errorf("first line of a third kind %q", line)
		}
		time.Sleep(logInterval - time.Nanosecond)
		for i := range 1000 {
			if line := refused(foreign(fmt.Sprintf("https://%d.example.com", i))); line != "" {
				t.Fatalf("line %q within a second", line)
			}
		}
		time.Sleep(time.Nanosecond)
		if line := refused(foreign("https://b.example.com")); !strings.Contains(line, "https://b.example.com") || !strings.Contains(line, "suppressed=1000") {
			t.Errorf("after a second: %q; want the count of the suppressed ones", line)
		}
		if line := refused(foreign("https://b.example.com")); line != "" {
			t.Errorf("line %q within a second", line)
		}
		time.Sleep(time.Hour)
		if line := refused(foreign("https://b.example.com")); !strings.Contains(line, "suppressed=1\n") {
			t.Errorf("after an hour: %q; want suppressed=1", line)
		}
	})
}

// Each kind has its own limit, also if its error is wrapped. All other reasons share one.
func TestLogLimitKinds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l logLimit
		for _, kind := range []error{
			errForeignOrigin, errLargePreflight, errNoToken, errManyTokens, errNoClaims, ErrMalformed, ErrAlgorithm, ErrKey, ErrSignature, ErrIssuer, ErrAudience,
			ErrInstallation, ErrEnvironment, ErrIsolatedCloud, ErrExpired, ErrNotYetValid, ErrReplayed, ErrReplaysFull, ErrUnavailable,
		} {
			if _, ok := l.allow(fmt.Errorf("remote: verify: %w", kind)); !ok {
				t.Errorf("%v: shares its limit with another kind", kind)
			}
			if _, ok := l.allow(problems{kind}); ok {
				t.Errorf("%v: has no limit", kind)
			}
		}
		if _, ok := l.allow(context.Canceled); !ok {
			t.Error("another reason has no limit of its own")
		}
		if _, ok := l.allow(errors.New("the store failed")); ok {
			t.Error("reasons without a kind do not share a limit")
		}
	})
}

func TestLogLimitConcurrently(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l logLimit
		var lines, count int
		var mu sync.Mutex
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				suppressed, ok := l.allow(ErrSignature)
				mu.Lock()
				defer mu.Unlock()
				if count += suppressed; ok {
					lines++
				}
			})
		}
		all.Wait()
		time.Sleep(logInterval)
		suppressed, ok := l.allow(ErrSignature)
		if lines != 1 || count != 0 || !ok || suppressed != 99 {
			t.Errorf("%d lines, then %d suppressed; want 1 and 99", lines, suppressed)
		}
	})
}

// A stranger controls the size of a line only up to a limit.
func TestRefusalLinesAreShort(t *testing.T) {
	long := strings.Repeat("\x00é", 1<<18)
	token := fit(object{"exp": 1})
	for _, tt := range []struct {
		name string
		r    *http.Request
		set  http.Header
	}{
		{"origin", httptest.NewRequest(http.MethodGet, "/", nil), http.Header{"Origin": {long}}},
		{"many origins", httptest.NewRequest(http.MethodGet, "/", nil), http.Header{"Origin": strings.Split(long, "é")}},
		{"path", httptest.NewRequest(http.MethodGet, "/"+strings.Repeat("%00", 1<<18), nil), http.Header{}},
		{"method", httptest.NewRequest(strings.Repeat("M", 1<<18), "/", nil), http.Header{}},
		{"trace", httptest.NewRequest(http.MethodGet, "/", nil), http.Header{"X-B3-Traceid": {long}}},
		{"junk token", httptest.NewRequest(http.MethodGet, "/", nil), authorized(long)},
		{"expired token", httptest.NewRequest(http.MethodGet, "/", nil), authorized(token)},
		{"key id", httptest.NewRequest(http.MethodGet, "/", nil), authorized(sign(testKey(), toJSON(fitHeader(object{"kid": strings.Repeat("k", 500)})), toJSON(fitClaims(nil))))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var log bytes.Buffer
			tt.r.Header = tt.set
			newVerifier(t, WithLogger(slog.New(slog.NewTextHandler(&log, nil)))).Handler(http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), tt.r)
			if log.Len() == 0 || log.Len() > 2500 || strings.Count(log.String(), "\n") != 1 {
				t.Errorf("%d bytes of log, %d lines; want one line of at most 2500 bytes", log.Len(), strings.Count(log.String(), "\n"))
			}
			assertNoToken(t, log.String(), token)
			if strings.Contains(log.String(), strings.Repeat("k", 10)) {
				t.Error("the log contains the key id")
			}
		})
	}
}
