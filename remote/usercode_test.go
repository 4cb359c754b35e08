package remote

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// readFunc is a body that calls a function to read.
type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }
func (f readFunc) Close() error               { return nil }

// brokenError has methods that panic if it is nil.
type brokenError struct{ cause error }

func (e *brokenError) Error() string { return e.cause.Error() }
func (e *brokenError) Unwrap() error { return e.cause }

// trapError panics in errors.As.
type trapError struct{}

func (trapError) Error() string { return "no route" }
func (trapError) As(any) bool   { panic("trapped") }

// logFunc is a slog.Handler that calls a function for each record.
type logFunc func()

func (f logFunc) Enabled(context.Context, slog.Level) bool  { return true }
func (f logFunc) Handle(context.Context, slog.Record) error { f(); return nil }
func (f logFunc) WithAttrs([]slog.Attr) slog.Handler        { return f }
func (f logFunc) WithGroup(string) slog.Handler             { return f }

// A broken HTTP client or logger must not end the program or block callers. All callers get an error in time, and the next
// fetch works.
func TestBrokenClientOrLogger(t *testing.T) {
	down := func(*http.Request) (*http.Response, error) { return nil, errors.New("no route") }
	for _, tt := range []struct {
		name  string
		fetch func(hang chan struct{}) roundTrip
		log   func(hang chan struct{}) slog.Handler
		took  time.Duration
		want  string // in the error
		stack bool   // in the log
	}{
		{name: "a transport that panics", want: "panic: out of order", stack: true,
			fetch: func(chan struct{}) roundTrip {
				return func(*http.Request) (*http.Response, error) { panic("out of order") }
			}},
		{name: "a transport that panics with nil", want: "panic: ", stack: true,
			fetch: func(chan struct{}) roundTrip {
				return func(*http.Request) (*http.Response, error) { panic(any(nil)) }
			}},
		{name: "a transport whose error panics when it is read", want: "panic: runtime error", stack: true,
			fetch: func(chan struct{}) roundTrip {
				return func(*http.Request) (*http.Response, error) { return nil, (*brokenError)(nil) }
			}},
		{name: "a transport whose error panics when it is converted", want: "no route",
			fetch: func(chan struct{}) roundTrip {
				return func(*http.Request) (*http.Response, error) { return nil, trapError{} }
			}},
		{name: "a transport that ends its goroutine", want: "Goexit",
			fetch: func(chan struct{}) roundTrip {
				return func(*http.Request) (*http.Response, error) { runtime.Goexit(); return nil, nil }
			}},
		{name: "a transport that ignores its context", want: "no answer in time", took: fetchTimeout,
			fetch: func(hang chan struct{}) roundTrip {
				return func(*http.Request) (*http.Response, error) { <-hang; return nil, errors.New("late") }
			}},
		{name: "a transport that returns nil and no error", want: "nil",
			fetch: func(chan struct{}) roundTrip {
				return func(*http.Request) (*http.Response, error) { return nil, nil }
			}},
		{name: "a body that panics", want: "panic: torn", stack: true,
			fetch: func(chan struct{}) roundTrip {
				return func(*http.Request) (*http.Response, error) {
					return &http.Response{StatusCode: 200, Body: readFunc(func([]byte) (int, error) { panic("torn") })}, nil
				}
			}},
		{name: "a body that ignores the context", want: "no answer in time", took: fetchTimeout,
			fetch: func(hang chan struct{}) roundTrip {
				return func(*http.Request) (*http.Response, error) {
					return &http.Response{StatusCode: 200, Body: readFunc(func([]byte) (int, error) { <-hang; return 0, io.EOF })}, nil
				}
			}},
		{name: "a logger that panics", want: "no route",
			fetch: func(chan struct{}) roundTrip { return down },
			log:   func(chan struct{}) slog.Handler { return logFunc(func() { panic("full") }) }},
		{name: "a logger that ends its goroutine", want: "no route",
			fetch: func(chan struct{}) roundTrip { return down },
			log:   func(chan struct{}) slog.Handler { return logFunc(runtime.Goexit) }},
		{name: "a logger that hangs", want: "no route", took: logTimeout,
			fetch: func(chan struct{}) roundTrip { return down },
			log:   func(hang chan struct{}) slog.Handler { return logFunc(func() { <-hang }) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				hang := make(chan struct{})
				defer close(hang)
				bad, works := tt.fetch(hang), newKeyServer(jwks(jwk(testKID, testKey(), nil)))
				var requests atomic.Int32
				client := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
					if requests.Add(1) == 1 {
						return bad(r)
					}
					return works.RoundTrip(r)
				})}
				var log bytes.Buffer
				var handler slog.Handler = slog.NewTextHandler(&log, nil)
				if tt.log != nil {
					handler = tt.log(hang)
				}
				v := newVerifier(t, WithHTTPClient(client), WithLogger(slog.New(handler)))

				start := time.Now()
				var waiters sync.WaitGroup
				for range 5 {
					waiters.Go(func() {
						_, err := v.Verify(t.Context(), fit(nil))
						if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
							t.Errorf("error %q; want one line that contains %q", err, tt.want)
						}
					})
				}
				waiters.Wait()
				if took := time.Since(start); took != tt.took {
					t.Errorf("the calls returned after %v; want %v", took, tt.took)
				}
				if tt.log == nil && strings.Contains(log.String(), "usercode_test.go") != tt.stack {
					t.Errorf("the log contains the stack: %v; want %v; log: %s", !tt.stack, tt.stack, log.String())
				}

				time.Sleep(refetchAfter - time.Since(start))
				if _, err := v.Verify(t.Context(), fit(nil)); err != nil {
					t.Errorf("the next fetch: %v", err)
				}
			})
		})
	}
}

// If a client returns after its time limit, its answer is not used, because newer keys may have been fetched since.
func TestLateKeysAreDiscarded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answer := make(chan string)
		var requests atomic.Int32
		v := newVerifier(t, WithHTTPClient(&http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			if requests.Add(1) == 1 {
				return jsonResponse(http.StatusOK, <-answer), nil
			}
			return jsonResponse(http.StatusOK, jwks(jwk(testKID, testKey(), nil))), nil
		})}))
		_, err := v.Verify(t.Context(), fit(nil))
		assertErrors(t, err, ErrUnavailable)
		time.Sleep(refetchAfter)
		if _, err := v.Verify(t.Context(), fit(nil)); err != nil {
			t.Fatal(err)
		}
		answer <- jwks(jwk(testKID, otherKey(), nil))
		synctest.Wait()
		if _, err := v.Verify(t.Context(), fit(nil)); err != nil {
			t.Errorf("after the late answer: %v", err)
		}
	})
}
