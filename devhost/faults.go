package devhost

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/token"
)

// errFault is the error of a token request that fails on purpose.
var errFault error = &apierror.Error{Code: "TOKEN_FAULT", Message: "the local host failed this token request on purpose, as set in its panel \"Faults\""}

const (
	maxFaults     = 10_000
	maxFaultDelay = time.Minute
)

// Faults makes token requests of the app's pages fail on purpose, to test how an app handles that. It affects the requests
// of requestRemote, which the product's page makes, and the app's own requests by signInvocationTokenForUI. It does not
// affect the tokens of invokeRemote, which the platform makes itself. At first there are no faults. It is safe for
// concurrent use.
type Faults struct {
	keys *token.Keys
	// changed is called after each change, so that all open pages show the same state.
	changed func()
	// showing orders the messages about changes.
	showing sync.Mutex

	mu          sync.Mutex
	failNext    int
	delay       time.Duration
	mints       int
	failures    int
	revocations int
	// revision counts the changes.
	revision int
}

// FaultState is the current settings and counts.
type FaultState struct {
	// FailNext is the number of token requests that are still to fail. Delay is how long each token request waits.
	FailNext int
	Delay    time.Duration
	// Mints counts the tokens, Failures the requests that failed on purpose, and Revocations the changes of the key.
	Mints, Failures, Revocations int
}

// Faults returns the host's faults, which also count its tokens.
func (h *Host) Faults() *Faults { return h.faults }

// showFaults makes all open pages show the state of the faults. Changes at the same time may take turns here, so the state
// is read in the same order as it is sent.
func (h *Host) showFaults() {
	h.faults.showing.Lock()
	defer h.faults.showing.Unlock()
	h.windows.Broadcast(message("faults", h.faults.output()))
}

// FailNext makes the next n token requests fail with the code "TOKEN_FAULT". It replaces the earlier n; 0 means that none
// fails. If n is negative or above 10,000, FailNext returns an error.
func (f *Faults) FailNext(n int) error {
	if err := checkFailNext(n); err != nil {
		return err
	}
	f.update(func() { f.failNext = n })
	return nil
}

// Delay makes each following token request wait for d before it succeeds or fails. 0 ends the delay. If d is negative or
// above one minute, Delay returns an error.
func (f *Faults) Delay(d time.Duration) error {
	if err := checkDelay(d); err != nil {
		return err
	}
	f.update(func() { f.delay = d })
	return nil
}

// Revoke changes the signing key. When it returns, the key set holds only the new key. Remotes refuse all earlier tokens as
// soon as they have fetched the key set again; package remote does that within a second. The product's page may still use
// an earlier token for requestRemote until the token expires. The remote refuses it.
func (f *Faults) Revoke() error {
	if err := f.keys.Change(); err != nil {
		return err
	}
	f.update(func() { f.revocations++ })
	return nil
}

// update makes a change and says so.
func (f *Faults) update(change func()) {
	f.mu.Lock()
	change()
	f.revision++
	f.mu.Unlock()
	f.changed()
}

// State returns the current settings and counts.
func (f *Faults) State() FaultState {
	f.mu.Lock()
	defer f.mu.Unlock()
	return FaultState{FailNext: f.failNext, Delay: f.delay, Mints: f.mints, Failures: f.failures, Revocations: f.revocations}
}

// strike delays a token request, and returns an error if the request must fail.
func (f *Faults) strike(ctx context.Context) error {
	f.mu.Lock()
	delay := f.delay
	f.mu.Unlock()
	if delay > 0 {
		timer := time.NewTimer(delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	f.mu.Lock()
	fails := f.failNext > 0
	if fails {
		f.failNext--
		f.failures++
		f.revision++
	}
	f.mu.Unlock()
	if !fails {
		return nil
	}
	f.changed()
	return errFault
}

func (f *Faults) minted() { f.update(func() { f.mints++ }) }

// faultInput changes the settings. Members that are nil change nothing.
type faultInput struct {
	FailNext *int `json:"failNext"`
	// DelayMS is the delay in milliseconds.
	DelayMS *int64 `json:"delayMs"`
	Revoke  bool   `json:"revoke"`
}

type faultOutput struct {
	FailNext    int   `json:"failNext"`
	DelayMS     int64 `json:"delayMs"`
	Mints       int   `json:"mints"`
	Failures    int   `json:"failures"`
	Revocations int   `json:"revocations"`
	// Revision grows with each change, so that a page knows which of two states is newer.
	Revision int `json:"revision"`
}

// answer sets the faults and returns their state.
func (f *Faults) answer(_ context.Context, in faultInput) (out faultOutput, err error) {
	if err := f.set(in); err != nil {
		return out, &apierror.Error{Message: err.Error(), Code: "INVALID_FAULT"}
	}
	return f.output(), nil
}

// output returns the state for the pages.
func (f *Faults) output() faultOutput {
	f.mu.Lock()
	defer f.mu.Unlock()
	return faultOutput{
		FailNext: f.failNext, DelayMS: f.delay.Milliseconds(), Mints: f.mints, Failures: f.failures, Revocations: f.revocations, Revision: f.revision,
	}
}

// set makes all changes, or none if one of them is invalid.
func (f *Faults) set(in faultInput) error {
	var delay time.Duration
	if in.DelayMS != nil {
		// Clamp before the multiplication so that it cannot overflow.
		delay = time.Duration(min(max(*in.DelayMS, -1), maxFaultDelay.Milliseconds()+1)) * time.Millisecond
	}
	if in.FailNext != nil {
		if err := checkFailNext(*in.FailNext); err != nil {
			return err
		}
	}
	if err := checkDelay(delay); err != nil {
		return err
	}
	if in.Revoke {
		if err := f.Revoke(); err != nil {
			return err
		}
	}
	if in.FailNext == nil && in.DelayMS == nil {
		return nil
	}
	f.update(func() {
		if in.FailNext != nil {
			f.failNext = *in.FailNext
		}
		if in.DelayMS != nil {
			f.delay = delay
		}
	})
	return nil
}

func checkFailNext(n int) error {
	if n < 0 || n > maxFaults {
		return fmt.Errorf("%d token requests cannot fail; use 0 to %d", n, maxFaults)
	}
	return nil
}

func checkDelay(d time.Duration) error {
	if d < 0 || d > maxFaultDelay {
		return fmt.Errorf("token requests cannot wait for %s; use 0 to %s", d, maxFaultDelay)
	}
	return nil
}
