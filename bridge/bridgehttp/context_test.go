package bridgehttp_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
)

// hangs is a handler that reports when its client has left. It first writes the pieces, one per second.
func hangs(gone *time.Duration, pieces ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		for _, piece := range pieces {
			_, _ = io.WriteString(w, piece)
			w.(http.Flusher).Flush()
			select {
			case <-time.After(time.Second):
			case <-r.Context().Done():
			}
		}
		<-r.Context().Done()
		*gone = time.Since(start)
	})
}

// TestContext checks that a call ends when its context ends.
func TestContext(t *testing.T) {
	const limit = 10 * time.Second
	own := errors.New("the user left")
	ends := map[string]struct {
		// begin returns a context that ends after limit. If the client has the timeout, begin changes the client
		// instead.
		begin   func(ctx context.Context, c *http.Client) (context.Context, context.CancelFunc)
		want    error
		timeout bool
	}{
		"cancel": {func(ctx context.Context, _ *http.Client) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(limit, cancel)
			return ctx, cancel
		}, context.Canceled, false},
		"a cause": {func(ctx context.Context, _ *http.Client) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancelCause(ctx)
			time.AfterFunc(limit, func() { cancel(own) })
			return ctx, func() { cancel(nil) }
		}, own, false},
		"a deadline": {func(ctx context.Context, _ *http.Client) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, limit)
		}, context.DeadlineExceeded, true},
		"Client.Timeout": {func(ctx context.Context, c *http.Client) (context.Context, context.CancelFunc) {
			c.Timeout = limit
			return ctx, func() {}
		}, context.DeadlineExceeded, true},
	}
	for name, tt := range ends {
		for _, way := range ways {
			check := func(t *testing.T, start time.Time, err error) {
				t.Helper()
				var timeout interface{ Timeout() bool }
				if !errors.Is(err, tt.want) {
					t.Errorf("got %v, want %v", err, tt.want)
				}
				if name == "a cause" && !errors.Is(err, context.Canceled) {
					t.Errorf("%v is not context.Canceled", err)
				}
				if got := errors.As(err, &timeout) && timeout.Timeout(); got != tt.timeout {
					t.Errorf("Timeout() of %v is %v", err, got)
				}
				if took := time.Since(start); took != limit {
					t.Errorf("it took %v, want %v", took, limit)
				}
			}
			t.Run(name+"/"+way+"/the answer", func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var gone time.Duration
					client := clientOf(newHost(t, hangs(&gone)), way)
					ctx, cancel := tt.begin(t.Context(), client)
					defer cancel()
					start := time.Now()
					r, err := http.NewRequestWithContext(ctx, "GET", baseURL+"/", nil)
					if err != nil {
						t.Fatal(err)
					}
					_, err = client.Do(r)
					var outer *url.Error
					var inner *bridge.Error
					if !errors.As(err, &outer) || name != "Client.Timeout" && !errors.As(err, &inner) {
						t.Errorf("got %#v", err)
					}
					check(t, start, err)
					synctest.Wait()
					// A request that the product's page or the platform has started continues.
					if want := map[string]time.Duration{byDirect: limit}[way]; gone != want {
						t.Errorf("the remote noticed after %v, want %v", gone, want)
					}
				})
			})
			t.Run(name+"/"+way+"/the request's body", func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					h := newHost(t, never(t))
					client := clientOf(h, way)
					ctx, cancel := tt.begin(t.Context(), client)
					defer cancel()
					start := time.Now()
					reader, writer := io.Pipe() // nobody writes
					body := &bodyOf{Reader: reader}
					r, err := http.NewRequestWithContext(ctx, "POST", baseURL+"/", body)
					if err != nil {
						t.Fatal(err)
					}
					_, err = client.Do(r)
					check(t, start, err)
					if body.closed.Load() != 1 || h.count() != 0 {
						t.Errorf("the body was closed %d times, %d calls were made", body.closed.Load(), h.count())
					}
					_ = writer.Close()
				})
			})
			t.Run(name+"/"+way+"/the answer's body", func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var gone time.Duration
					handler := hangs(&gone, "1", "2")
					if way != byDirect { // the whole body has arrived, and nobody reads the rest
						handler = text(200, "12")
					}
					client := clientOf(newHost(t, handler), way)
					ctx, cancel := tt.begin(t.Context(), client)
					defer cancel()
					start := time.Now()
					r, err := http.NewRequestWithContext(ctx, "GET", baseURL+"/", nil)
					if err != nil {
						t.Fatal(err)
					}
					resp, err := client.Do(r)
					if err != nil {
						t.Fatal(err)
					}
					got := make([]byte, 2)
					if way == byDirect {
						if _, err := io.ReadFull(resp.Body, got); err != nil || string(got) != "12" {
							t.Errorf("read %q, %v", got, err)
						}
					} else {
						if _, err := io.ReadFull(resp.Body, got[:1]); err != nil {
							t.Error(err)
						}
						time.Sleep(limit)
						synctest.Wait()
					}
					for range 2 { // further reads return the same error
						_, err = resp.Body.Read(got)
						check(t, start, err)
					}
					if err := resp.Body.Close(); err != nil {
						t.Error(err)
					}
					synctest.Wait()
					if way == byDirect && gone != limit {
						t.Errorf("the remote noticed after %v", gone)
					}
				})
			})
		}
	}
}

func TestContextCanceledBefore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, way := range ways {
		h := newHost(t, never(t))
		content := strings.NewReader("{}")
		body := &bodyOf{Reader: content}
		r, err := http.NewRequestWithContext(ctx, "POST", baseURL+"/", body)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := transportOf(h, way).RoundTrip(r); !errors.Is(err, context.Canceled) || h.count() != 0 || body.closed.Load() != 1 || content.Len() != 2 {
			t.Errorf("%s: got %v after %d calls, the body was closed %d times, %d of 2 bytes are left", way, err, h.count(), body.closed.Load(), content.Len())
		}
	}
	// Such a request does not count for invokeRemote's limit either.
	transport := transportOf(newHost(t, object(200)), byInvoke)
	r, err := http.NewRequest("GET", baseURL+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 500 {
		if _, err := transport.RoundTrip(r.WithContext(ctx)); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if _, err := transport.RoundTrip(r); err != nil {
		t.Error(err)
	}
}

// TestReadThenCancel checks that a body that was read to its end stays valid when the context ends.
func TestReadThenCancel(t *testing.T) {
	for _, way := range ways {
		ctx, cancel := context.WithCancel(t.Context())
		r, err := http.NewRequestWithContext(ctx, "GET", baseURL+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := transportOf(newHost(t, object(200)), way).RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(resp.Body); err != nil {
			t.Error(err)
		}
		cancel()
		if _, err := resp.Body.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("%s: got %v, want EOF", way, err)
		}
	}
}

// TestCloseStops checks that closing a response early stops its request, even during a Read.
func TestCloseStops(t *testing.T) {
	for _, reading := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var gone time.Duration
			resp, err := clientOf(newHost(t, hangs(&gone, "1")), byDirect).Get(baseURL + "/")
			if err != nil {
				t.Fatal(err)
			}
			read := make(chan error, 1)
			if reading {
				go func() {
					_, err := io.ReadAll(resp.Body)
					read <- err
				}()
			}
			time.Sleep(5 * time.Second)
			if err := resp.Body.Close(); err != nil {
				t.Error(err)
			}
			synctest.Wait()
			if gone != 5*time.Second {
				t.Errorf("reading %v: the remote noticed after %v", reading, gone)
			}
			if reading {
				if err := <-read; err != http.ErrBodyReadAfterClose {
					t.Errorf("the reader got %v", err)
				}
			}
		})
	}
}
