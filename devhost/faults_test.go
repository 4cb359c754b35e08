package devhost

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/testapp"
	"github.com/forgego/forgego/remote"
)

// askToken requests a token as the product's page does. It returns the code of the error, or "" if there is none.
func askToken(t *testing.T, h *Host, remoteKey string) (code string) {
	t.Helper()
	_, text := testapp.Ask(t, "POST", h.URL()+"_host/token", `{"moduleKey":"panel","remoteKey":"`+remoteKey+`"}`,
		"Origin", h.product.Origin, "Content-Type", "application/json")
	var out struct {
		JWT   string
		Error apierror.Error
	}
	if err := json.Unmarshal([]byte(text), &out); err != nil || (out.JWT == "") != (out.Error.Code != "") {
		t.Fatalf("got %s; want either a token or an error code", text)
	}
	return out.Error.Code
}

func TestFailNext(t *testing.T) {
	h := startHost(t, testapp.Manifest(t), settings{})
	if got := h.Faults().State(); got != (FaultState{}) {
		t.Errorf("a new host has the state %+v, want none", got)
	}
	if err := h.Faults().FailNext(2); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"TOKEN_FAULT", "TOKEN_FAULT", "", "UNKNOWN_REMOTE", ""} {
		key := "tasks-api"
		if want == "UNKNOWN_REMOTE" {
			key = "nope"
		}
		if got := askToken(t, h, key); got != want {
			t.Errorf("request %d: got %q, want %q", i+1, got, want)
		}
	}
	if got, want := h.Faults().State(), (FaultState{Mints: 2, Failures: 2}); got != want {
		t.Errorf("the state is %+v, want %+v", got, want)
	}
}

// Tokens of invokeRemote must not fail: an app needs them to exchange a token at its backend.
func TestFaultsDoNotAffectInvokeRemote(t *testing.T) {
	url := newRemote(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })
	h := startHost(t, testapp.Manifest(t), settings{remoteURLs: map[string]string{"tasks-api": url}})
	if err := h.Faults().FailNext(1); err != nil {
		t.Fatal(err)
	}
	out := invokeFrom(t, h, "panel", `{"path":"/","method":"GET"}`)
	if got, want := h.Faults().State(), (FaultState{FailNext: 1}); !out.Success || got != want {
		t.Errorf("invokeRemote: error %+v, state %+v; want no error and %+v", out.Error, got, want)
	}
}

func TestDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &Faults{changed: func() {}}
		if err := errors.Join(f.Delay(3*time.Second), f.FailNext(1)); err != nil {
			t.Fatal(err)
		}
		for _, want := range []error{errFault, nil} {
			began := time.Now()
			if err := f.strike(t.Context()); err != want || time.Since(began) != 3*time.Second {
				t.Errorf("got %v after %v, want %v", err, time.Since(began), want)
			}
		}

		// A request that the page cancels does not count as a failure.
		gone := errors.New("gone")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(gone) })
		began := time.Now()
		if err := errors.Join(f.FailNext(1), f.strike(ctx)); !errors.Is(err, gone) || time.Since(began) != time.Second || f.State().FailNext != 1 {
			t.Errorf("a cancelled request: %v after %v, state %+v; want %v after 1s and no failure", err, time.Since(began), f.State(), gone)
		}
	})
}

// A remote that caches the key set notices the change when it fetches the set again.
func TestRevoke(t *testing.T) {
	h := startHost(t, testapp.Manifest(t), settings{})
	v, err := remote.New(testapp.ID, remote.WithJWKSURL(h.JWKSURL()))
	if err != nil {
		t.Fatal(err)
	}
	old := mint(t, h, "panel").JWT
	if _, err := v.Verify(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	if err := h.Faults().Revoke(); err != nil {
		t.Fatal(err)
	}
	verify(t, h, mint(t, h, "panel").JWT)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		_, err := v.Verify(ctx, old)
		if errors.Is(err, remote.ErrKey) {
			break // The remote fetches the key set again after a second.
		}
		if err != nil || ctx.Err() != nil {
			t.Fatalf("the revoked token is still accepted after 20 s, or another error occurred: %v", err)
		}
		time.Sleep(10 * time.Millisecond)
	}
	if _, err := v.Verify(t.Context(), mint(t, h, "panel").JWT); err != nil {
		t.Errorf("a new token: %v", err)
	}
	if got, want := h.Faults().State(), (FaultState{Mints: 3, Revocations: 1}); got != want {
		t.Errorf("the state is %+v, want %+v", got, want)
	}
}

func TestFaultsRequest(t *testing.T) {
	const none = `{"failNext":0,"delayMs":0,"mints":0,"failures":0,"revocations":0,"revision":0}`
	for _, c := range []struct {
		name, input, want string
		is                FaultState
	}{
		{"no change", `{}`, none, FaultState{}},
		{"all settings", `{"failNext":3,"delayMs":20,"revoke":true}`, `{"failNext":3,"delayMs":20,"mints":0,"failures":0,"revocations":1,"revision":2}`,
			FaultState{FailNext: 3, Delay: 20 * time.Millisecond, Revocations: 1}},
		{"the maximum", `{"failNext":10000,"delayMs":60000}`, `{"failNext":10000,"delayMs":60000,"mints":0,"failures":0,"revocations":0,"revision":1}`,
			FaultState{FailNext: 10000, Delay: time.Minute}},
		{"off", `{"failNext":0,"delayMs":0}`, strings.Replace(none, `"revision":0`, `"revision":1`, 1), FaultState{}},
		{"a negative number", `{"failNext":-1,"delayMs":5}`, "use 0 to 10000", FaultState{}},
		{"too many", `{"failNext":10001,"revoke":true}`, "INVALID_FAULT", FaultState{}},
		{"a negative delay", `{"failNext":1,"delayMs":-1}`, "use 0 to 1m0s", FaultState{}},
		{"a delay that is too long", `{"failNext":1,"delayMs":60001}`, "use 0 to 1m0s", FaultState{}},
		{"a delay that overflows", `{"delayMs":9223372036854775807}`, "use 0 to 1m0s", FaultState{}},
		{"a fraction", `{"failNext":0.5}`, "not the JSON", FaultState{}},
		{"not JSON", `x`, "not the JSON", FaultState{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := startHost(t, testapp.Manifest(t), settings{})
			resp, text := testapp.Ask(t, "POST", h.URL()+"_host/faults", c.input, "Origin", h.product.Origin, "Content-Type", "application/json")
			if !strings.Contains(text, c.want) || resp.Header.Get("Cache-Control") != "no-store" && resp.StatusCode == 200 {
				t.Errorf("got %s: %s; want %s", resp.Status, text, c.want)
			}
			if got := h.Faults().State(); got != c.is {
				t.Errorf("the state is %+v, want %+v", got, c.is)
			}
		})
	}
}
