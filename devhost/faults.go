package devhost

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/token"
)

// errFault is what a token request gets that was asked to fail.
var errFault = errors.New("the local host has failed this token request, because its faults are set so")

const (
	maxFaults     = 10_000
	maxFaultDelay = time.Minute
)

// Faults has the token requests of the app's pages go wrong on purpose, to see what an app does then: those of
// requestRemote, which the product's page makes, and the app's own, signInvocationTokenForUI. The tokens of invokeRemote
// are the platform's own business and are always given. All is well at first. It is safe for concurrent use.
type Faults struct {
	keys *token.Keys

	mu          sync.Mutex
	failNext    int
	delay       time.Duration
	mints       int
	failures    int
	revocations int
}

// FaultState is what is set and what has happened.
type FaultState struct {
	// FailNext is how many token requests are still to fail, and Delay how long each of them waits for its answer.
	FailNext int
	Delay    time.Duration
	// Mints counts the tokens given, Failures the requests failed on purpose, and Revocations the changes of the key.
	Mints, Failures, Revocations int
}

// Faults gives control over the host's faults, and counts its tokens.
func (h *Host) Faults() *Faults { return h.faults }

// FailNext has the next n token requests fail with the code "TOKEN_FAULT", instead of those set before; 0 has none fail.
// An n that is negative or above 10,000 is an error.
func (f *Faults) FailNext(n int) error {
	if err := checkFailNext(n); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failNext = n
	return nil
}

// Delay has each token request that comes from now on wait for d before it is answered, or fails; 0 ends that. A d that
// is negative or above one minute is an error.
func (f *Faults) Delay(d time.Duration) error {
	if err := checkDelay(d); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.delay = d
	return nil
}

// Revoke changes the signing key: when it returns, new tokens have the new one and the key set holds no other, so that
// remotes refuse every token given before as soon as they have fetched the key set again. Package remote does that within
// a second. A token that the product's page keeps for requestRemote stays in use until it expires, and is refused.
func (f *Faults) Revoke() error {
	if err := f.keys.Change(); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.revocations++
	return nil
}

// State is what is set and what has happened until now.
func (f *Faults) State() FaultState {
	f.mu.Lock()
	defer f.mu.Unlock()
	return FaultState{FailNext: f.failNext, Delay: f.delay, Mints: f.mints, Failures: f.failures, Revocations: f.revocations}
}

// strike lets a token request wait and fail as it is set.
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
	defer f.mu.Unlock()
	if f.failNext > 0 {
		f.failNext--
		f.failures++
		return errFault
	}
	return nil
}

func (f *Faults) minted() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mints++
}

// faultInput sets what it names and leaves the rest; the empty object only asks.
type faultInput struct {
	FailNext *int `json:"failNext"`
	// DelayMS is in milliseconds.
	DelayMS *int64 `json:"delayMs"`
	Revoke  bool   `json:"revoke"`
}

type faultOutput struct {
	FailNext    int   `json:"failNext"`
	DelayMS     int64 `json:"delayMs"`
	Mints       int   `json:"mints"`
	Failures    int   `json:"failures"`
	Revocations int   `json:"revocations"`
}

func (h *Host) serveFaults(w http.ResponseWriter, r *http.Request) {
	var in faultInput
	if !readInput(w, r, &in) {
		return
	}
	if err := h.faults.set(in); err != nil {
		writeJSON(w, map[string]apierror.Error{"error": {Message: err.Error(), Code: "INVALID_FAULT"}})
		return
	}
	s := h.faults.State()
	writeJSON(w, faultOutput{
		FailNext: s.FailNext, DelayMS: s.Delay.Milliseconds(), Mints: s.Mints, Failures: s.Failures, Revocations: s.Revocations,
	})
}

// set does all of what is asked, or nothing of it.
func (f *Faults) set(in faultInput) error {
	var delay time.Duration
	if in.DelayMS != nil {
		// Bounded first, so that the product cannot overflow.
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
	f.mu.Lock()
	defer f.mu.Unlock()
	if in.FailNext != nil {
		f.failNext = *in.FailNext
	}
	if in.DelayMS != nil {
		f.delay = delay
	}
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
