package bridgetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest/internal/pagefetch"
	"github.com/forgego/forgego/internal/platform"
)

// Failure is a way to fail, for [Host.Fail].
type Failure struct {
	kind   failureKind
	status int
	body   string
	err    error
	times  int
}

type failureKind int

const (
	offline failureKind = iota + 1
	hangs
	timedOut
	answers
	rejects
)

// Offline is a remote that cannot be reached. RequestRemote returns bridge.ErrNetwork with the browser's text "Failed
// to fetch", and InvokeRemote with the platform's text "Invalid response from remote - remote network error".
func Offline() Failure { return Failure{kind: offline} }

// Hang is a remote that never answers. InvokeRemote returns bridge.ErrTimeout with the platform's text after its 25
// seconds. RequestRemote, which has no limit, waits until its context ends.
func Hang() Failure { return Failure{kind: hangs} }

// TimedOut is the result of Hang without the wait: for InvokeRemote the platform's text, for RequestRemote the
// browser's "Failed to fetch".
func TimedOut() Failure { return Failure{kind: timedOut} }

// Status is a remote that answers with this status and body, which is JSON unless it is empty. Status 401 means that
// the remote refuses the token.
func Status(status int, body string) Failure {
	return Failure{kind: answers, status: status, body: body}
}

// Reject is a host that refuses the call with err and sends nothing. A [*bridge.HostError] is used unchanged; any
// other error provides its text. The direct way returns err itself, such as bridge.ErrBlocked.
func Reject(err error) Failure { return Failure{kind: rejects, err: err} }

// Times returns a copy of f that ends after n calls.
func (f Failure) Times(n int) Failure {
	f.times = n
	return f
}

// fault is a failure that is set. left is the number of calls it still affects, or negative for all.
type fault struct {
	Failure
	left int
}

// Fail makes calls fail from now on. name is the key of a remote or the service, for requests by any way, or a product, or a
// command such as "fetchRemote", "invoke" or "signInvocationTokenForUI"; "fetch" means the requests of
// [Host.Fetcher]. A second call for the same name replaces the failure. A command's failure takes precedence over a
// remote's.
func (h *Host) Fail(name string, f Failure) {
	if h.t != nil {
		h.t.Helper()
	}
	h.check(name)
	left := -1
	if f.times > 0 {
		left = f.times
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.faults[name] = &fault{f, left}
}

// Heal removes a failure set by Fail, and a delay.
func (h *Host) Heal(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.faults, name)
	delete(h.delays, name)
}

// Delay makes calls take at least d before anything else happens. name is as for [Host.Fail]. Zero removes the delay.
// The caller's context and the platform's time limits still apply.
func (h *Host) Delay(name string, d time.Duration) {
	if h.t != nil {
		h.t.Helper()
	}
	h.check(name)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.delays[name] = d
}

// check refuses an unknown name, which is probably a typing error.
func (h *Host) check(name string) {
	if h.t != nil {
		h.t.Helper()
	}
	h.mu.Lock()
	known := name == directWay || h.has(name) || slices.Contains(productNames, name) || h.remotes[name] != nil || h.scripts[name] != nil || h.service != nil && h.service.key == name
	keys := slices.Clone(h.keys)
	h.mu.Unlock()
	if !known {
		h.misuse("there is no remote, no service and no command %q; remotes: %s. Add it first, by Remote, Service or On", name, strings.Join(keys, ", "))
	}
}

// take returns the failure that applies now, and how long to wait first.
func (h *Host) take(names ...string) (Failure, time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var delay time.Duration
	for _, name := range names {
		delay += h.delays[name]
	}
	for _, name := range names {
		f := h.faults[name]
		if f == nil {
			continue
		}
		if f.left > 0 {
			f.left--
			if f.left == 0 {
				delete(h.faults, name)
			}
		}
		return f.Failure, delay
	}
	return Failure{}, delay
}

// applyFailure applies the delay and the failure of a command that does not go to a remote.
func (h *Host) applyFailure(ctx context.Context, command string) error {
	f, delay := h.take(command)
	bounded, cancel := h.bounded(ctx)
	defer cancel()
	if err := wait(bounded, delay); err != nil {
		return err
	}
	switch f.kind {
	case offline:
		return pagefetch.Failed(nil)
	case hangs:
		<-bounded.Done()
		return context.Cause(bounded)
	case timedOut:
		return platform.TimeIsUp(h.settings.invokeTimeout, nil)
	case answers:
		if f.status == http.StatusUnauthorized {
			return platform.TokenRefused()
		}
		return &bridge.HostError{Name: "Error", Message: unexpected}
	case rejects:
		return f.err
	}
	return nil
}

// wait waits for d, by package time, or until ctx ends.
func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// exchange fails a request, or calls send.
func (f Failure) exchange(r *http.Request, invokeLimit time.Duration, send func() (*http.Response, error)) (*http.Response, error) {
	switch f.kind {
	case offline:
		return nil, errOffline
	case hangs:
		<-r.Context().Done()
		return nil, context.Cause(r.Context())
	case timedOut:
		if invokeLimit > 0 {
			return nil, platform.TimeIsUp(invokeLimit, nil)
		}
		return nil, errOffline
	case answers:
		response := &http.Response{
			Status: strconv.Itoa(f.status) + " " + http.StatusText(f.status), StatusCode: f.status,
			Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: http.Header{}, ContentLength: int64(len(f.body)), Body: io.NopCloser(strings.NewReader(f.body)), Request: r,
		}
		if f.body != "" {
			response.Header.Set("Content-Type", "application/json")
		}
		return response, nil
	case rejects:
		return nil, f.rejection()
	}
	return send()
}

// rejection returns the error in the host's form.
func (f Failure) rejection() error {
	var refused *bridge.HostError
	if errors.As(f.err, &refused) {
		return refused
	}
	return &rejectedError{fmt.Sprint(f.err), f.err}
}

// rejectedError is a refusal that keeps its original error.
type rejectedError struct {
	text string
	err  error
}

func (e *rejectedError) Error() string { return e.text }
func (e *rejectedError) Unwrap() error { return e.err }

var errOffline = errors.New("the remote is offline on purpose")
