// Package functions runs the handlers of an app's functions on this machine, in one Node.js process that stays alive.
//
// A Runner is what the local host calls. Bundle writes the app's code as one script, and Start starts a Process with it. The
// process listens on loopback. It answers only callers that know its secret; each process has its own. When a handler calls the
// platform, the process calls the Runner back, with a token that is valid until the handler's call has ended.
package functions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/forgego/forgego/internal/smalljson"
)

// Call is a call of a handler.
type Call struct {
	// Label is what the terminal calls the function.
	Label string
	// Module and Export say which: the file of the handler below its folder and without its extension, such as "index", and the
	// name of the function.
	Module, Export string
	// Arguments are those of the handler, as encoding/json writes them.
	Arguments []any
	// Runtime is what Atlassian's packages read about the call.
	Runtime map[string]any
	// Fetch carries out what the handler asks of the platform. Its error goes to the handler.
	Fetch func(context.Context, Request) (*Response, error)
}

// Request is what a handler asks of the platform, by Atlassian's packages or by fetch.
type Request struct {
	// Options say what the request is for.
	Options struct {
		// Type is "fpp" for products, "kvs", "egress" for a question whether fetch may reach Path, and others.
		Type string `json:"type"`
		// Provider is "user" or "app".
		Provider string `json:"provider"`
		// Remote is a product, "stargate", or the key of a remote. Service is the key of a container service.
		Remote     string `json:"remote"`
		Service    string `json:"service"`
		ContextARI string `json:"contextAri"`
	} `json:"options"`
	Path   string `json:"path"`
	Method string `json:"method"`
	// Header has the names in lower case.
	Header smalljson.List[[2]string] `json:"headers"`
	Body   []byte                    `json:"body"`
}

// Response is the platform's answer.
type Response struct {
	Status     int               `json:"status"`
	StatusText string            `json:"statusText"`
	Header     map[string]string `json:"headers"`
	Body       []byte            `json:"body"`
}

// Error is an error of a handler, or one that a handler gets.
type Error struct {
	Name    string `json:"name"`
	Message string `json:"message"`
	// Stack has the message and the places in the app's own files.
	Stack string `json:"stack,omitempty"`
}

// Error returns the name and the message.
func (e *Error) Error() string {
	if e.Name == "" {
		return e.Message
	}
	return e.Name + ": " + e.Message
}

// ErrNoNode means that Node.js is not installed.
var ErrNoNode = errors.New("the program node is not in PATH")

// ErrBlocked means that a handler computed until its time was over or its page had left, and kept all others waiting.
var ErrBlocked = errors.New("a handler computed without a pause until its time was over or its page had left, so Node.js was stopped")

// errNotRunning is the state before the first process.
var errNotRunning = errors.New("the app's functions are not running")

// startLimit is how long a call waits for a process that starts.
const startLimit = 10 * time.Second

// Runner calls handlers in the process that runs now. Make one by NewRunner. It is safe for concurrent use.
type Runner struct {
	callbacks *callbacks

	mu      sync.Mutex
	process *Process
	err     error
	// changed is closed when process or err changes. While both are nil, calls wait.
	changed chan struct{}
}

// HostOption returns the devhost.Option that makes a host call handlers by a Runner. Package devhost sets it. It is not part of
// devhost's API, because a Runner is not public. Without it, invoke fails if the app's own handler would answer.
var HostOption func(*Runner) (option any)

// NewRunner returns a Runner without a process: calls fail until Hold, Use or Fail. It listens on loopback for what handlers
// ask. Close it.
func NewRunner() (*Runner, error) {
	c, err := listen()
	if err != nil {
		return nil, fmt.Errorf("the app's functions: %w", err)
	}
	return &Runner{callbacks: c, err: errNotRunning, changed: make(chan struct{})}, nil
}

// Close ends the requests of handlers.
func (r *Runner) Close() error { return r.callbacks.close() }

// Hold makes calls wait for Use or Fail, at most ten seconds.
func (r *Runner) Hold() { r.set(nil, nil) }

// Use makes calls go to a process. Those that the earlier one has stay there.
func (r *Runner) Use(p *Process) { r.set(p, nil) }

// Fail makes calls fail with an error.
func (r *Runner) Fail(err error) { r.set(nil, err) }

func (r *Runner) set(p *Process, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.process, r.err = p, err
	close(r.changed)
	r.changed = make(chan struct{})
}

// Call calls a handler and returns its result as JSON, or nil if that is undefined. The error is an *Error if the handler has
// thrown one, ctx's if its time is over, or says why the process does not run.
func (r *Runner) Call(ctx context.Context, c Call) (json.RawMessage, error) {
	for {
		p, err := r.running(ctx)
		if err != nil {
			return nil, err
		}
		token, forget := r.callbacks.add(ctx, c.Fetch)
		result, err := p.call(ctx, c, token)
		forget()
		p.calls.Done()
		// The process has ended before it began the call, and another one may follow.
		if _, ok := errors.AsType[*undeliveredError](err); ok && r.replaced(ctx, p) {
			continue
		}
		return result, err
	}
}

// replaceLimit is how long a call waits for the next process after one has ended.
const replaceLimit = 2 * time.Second

// replaced waits until another process follows p, or is about to. It reports false if none does.
func (r *Runner) replaced(ctx context.Context, p *Process) bool {
	limit := time.NewTimer(replaceLimit)
	defer limit.Stop()
	for {
		r.mu.Lock()
		isOther, changed := r.process != p, r.changed
		r.mu.Unlock()
		if isOther {
			return true
		}
		select {
		case <-changed:
		case <-limit.C:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

// running returns the process, with one more call. It waits for one that starts.
func (r *Runner) running(ctx context.Context) (*Process, error) {
	limit := time.NewTimer(startLimit)
	defer limit.Stop()
	for {
		r.mu.Lock()
		p, err, changed := r.process, r.err, r.changed
		if p != nil {
			p.calls.Add(1) // under the lock, so that Retire after Use waits for it
		}
		r.mu.Unlock()
		if p != nil || err != nil {
			return p, err
		}
		select {
		case <-changed:
		case <-limit.C:
			return nil, errors.New("the app's functions did not start within " + startLimit.String())
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}
