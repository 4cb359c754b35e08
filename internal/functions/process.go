package functions

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/forgego/forgego/internal/platform"
	"github.com/forgego/forgego/internal/supervise"
)

// Name is what the functions are called in the terminal.
const Name = "functions"

// Process is Node.js with the app's functions.
type Process struct {
	*supervise.Process
	address string // set by Ready
	secret  string
	// port receives the port on which the process listens. forget ends the wait for it.
	port            <-chan int
	forget          func()
	client          *http.Client
	calls           sync.WaitGroup
	called, blocked atomic.Bool
	probing         atomic.Bool
}

// Start starts Node.js in an app's folder, with what Bundle wrote into the folder program. env are more variables. The output goes to
// out. Call Ready next. The error matches ErrNoNode if there is no Node.js.
//
// The system chooses the port, and Node.js tells it to the Runner, so that no other program can have taken
// it. What proves that is the secret, which only its standard input has: handlers and their child processes can read the environment.
func (r *Runner) Start(dir, program string, env []string, out *supervise.Output) (*Process, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, ErrNoNode
	}
	p := &Process{secret: rand.Text(), client: &http.Client{Transport: &http.Transport{}}}
	input, err := json.Marshal(map[string]string{"secret": p.secret, "callback": "http://" + r.callbacks.addr})
	if err != nil {
		return nil, err
	}
	p.port, p.forget = r.callbacks.expect(p.secret)
	p.Process, err = supervise.Start(supervise.Spec{
		Name: Name, Kind: "the app's", Dir: dir, Env: env, Input: input,
		Command: []string{node, "--enable-source-maps", filepath.Join(program, runtimeFile), filepath.Join(program, bundleFile)},
	}, out)
	if err != nil {
		p.forget()
		return nil, err
	}
	return p, nil
}

// Ready waits until the process has loaded the app's code and listens. It returns an error when the process ends or ctx ends.
func (p *Process) Ready(ctx context.Context) error {
	defer p.forget()
	select {
	case port := <-p.port:
		p.address = "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
		return nil
	case <-p.Done():
		return cmp.Or(p.Err(), errors.New("the app's functions were stopped"))
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// WasCalled reports whether the process has had a call.
func (p *Process) WasCalled() bool { return p.called.Load() }

// Err returns why the process has ended, or nil while it runs and after Stop.
func (p *Process) Err() error {
	if p.blocked.Load() {
		return ErrBlocked
	}
	return p.Process.Err()
}

// Retire stops the process when the calls that it has are answered. Call it after Runner.Use, Hold or Fail.
func (p *Process) Retire() {
	p.calls.Wait()
	p.Stop()
	p.client.CloseIdleConnections()
}

func (p *Process) call(ctx context.Context, c Call, token string) (json.RawMessage, error) {
	p.called.Store(true)
	left := time.Hour
	if deadline, ok := ctx.Deadline(); ok {
		left = time.Until(deadline)
	}
	body, err := json.Marshal(map[string]any{
		"token": token, "label": c.Label, "module": c.Module, "name": c.Export, "arguments": c.Arguments, "runtime": c.Runtime, "milliseconds": left.Milliseconds(),
	})
	if err != nil {
		return nil, err
	}
	text, err := p.post(ctx, body)
	if err != nil && ctx.Err() != nil {
		go p.stopIfBlocked()
	}
	if err != nil {
		return nil, err
	}
	var out struct {
		Result json.RawMessage `json:"result"`
		Error  *Error          `json:"error"`
	}
	if err := json.Unmarshal(text, &out); err != nil {
		return nil, fmt.Errorf("its process returned something else than JSON: %w", err)
	}
	if out.Error != nil {
		return nil, out.Error
	}
	return out.Result, nil
}

// undeliveredError means that the process has not begun a call: it sends the header of its answer before that.
type undeliveredError struct{ err error }

func (e *undeliveredError) Error() string { return e.err.Error() }
func (e *undeliveredError) Unwrap() error { return e.err }

// post sends a call to the process. Without a body it asks whether the process answers. The error is an *undeliveredError if the
// process has ended before it began the call.
func (p *Process) post(ctx context.Context, body []byte) ([]byte, error) {
	select {
	case <-p.Done(): // Another program can have its port.
		return nil, &undeliveredError{cmp.Or(p.Err(), errors.New("its process has ended"))}
	default:
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+p.secret)
	resp, err := p.client.Do(r)
	if err != nil && ctx.Err() == nil {
		return nil, &undeliveredError{p.lost(ctx, err)}
	}
	if err != nil {
		return nil, context.Cause(ctx)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, platform.MaxResponse+1))
	switch {
	case err != nil:
		return nil, p.lost(ctx, err)
	case len(text) > platform.MaxResponse:
		return nil, &Error{Message: "it returned more than 5 MB"}
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("its process answered %s", resp.Status)
	}
	return text, nil
}

// lost returns why the process gave no answer.
func (p *Process) lost(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if failed, ok := errors.AsType[*net.OpError](err); ok && failed.Op == "dial" { // Nothing listens.
		return fmt.Errorf("its process has ended: %w", err)
	}
	// The connection ends before the process.
	select {
	case <-p.Done():
		if p.Err() != nil {
			return p.Err()
		}
	case <-time.After(10 * time.Second):
	case <-ctx.Done():
	}
	return fmt.Errorf("its process gave no answer: %w", err)
}

// blockLimit is how long Node.js may take to run other code than a handler.
const blockLimit = 2 * time.Second

// stopIfBlocked stops the process if it does not answer: a handler computes without end, and keeps all others waiting. Calls that the
// process has not begun go to the next one.
func (p *Process) stopIfBlocked() {
	if !p.probing.CompareAndSwap(false, true) {
		return
	}
	defer p.probing.Store(false)
	ctx, cancel := context.WithTimeout(context.Background(), blockLimit)
	defer cancel()
	if _, err := p.post(ctx, nil); errors.Is(err, context.DeadlineExceeded) {
		p.blocked.Store(true)
		p.Stop()
	}
}
