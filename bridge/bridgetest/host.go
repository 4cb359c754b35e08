package bridgetest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/internal/grants"
	"github.com/forgego/forgego/internal/objectstore"
	"github.com/forgego/forgego/internal/platform"
	"github.com/forgego/forgego/internal/realtime"
	"github.com/forgego/forgego/internal/usercode"
	"github.com/forgego/forgego/internal/weburl"
	"github.com/forgego/forgego/remote/remotetest"
)

// Host is an in-memory host. It implements [bridge.Host], [bridge.Starter] and [bridge.FunctionHost] for the first of its
// windows, which has an empty name: see [Host.Window]. It is safe for concurrent use.
type Host struct {
	t        testing.TB
	settings settings

	// ctx ends with the host. That also ends the requests that remotes still handle.
	ctx    context.Context
	cancel context.CancelFunc

	// minting is held while a token of the page is made.
	minting sync.Mutex

	mu       sync.Mutex
	closed   bool
	running  int
	idle     chan struct{}
	remotes  map[string]*remoteTarget
	keys     []string
	service  *remoteTarget
	scripts  map[string]Function
	resolver map[string]Command
	faults   map[string]*fault
	delays   map[string]time.Duration
	counts   map[string]int
	calls    []*entry
	windows  map[string]*Window
	tokens   map[tokenKey]signed
	queues   []*replies
	// invoked has the times of the calls of functions in the last minute.
	invoked []time.Time

	// These are the state of the product, its site and its user. commands, bus, objects, app and page do not change.
	commands          map[string]command
	members           map[string]any
	replacesExtension bool
	flags             []*Flag
	dialogs           []*Dialog
	opened            chan struct{} // closed when a dialog is opened
	onDialog          func(*Dialog)
	onQuestion        func(question, detail string) bool
	navigations       []Navigation
	listeners         []*listener
	metrics           map[string]float64
	bus               *realtime.Bus[*Window]
	lastSubscription  int
	onEvent           sync.Map // the callbacks of subscriptions to realtime
	grants            *grants.Grants
	permissions       map[string]any
	notAdmin          bool
	products          map[string]*remoteTarget
	graph             map[string]Command
	featureFlags      map[string]bool
	objects           *objectstore.Store
	translations      map[string][]byte
	jira              jiraState
	confluence        confluenceState
	widget            *Widget
	app               *remoteTarget
	page              weburl.URL
}

var _ bridge.FunctionHost = (*Host)(nil)

// NewHost returns a host without remotes that lives until the test ends. Then it cancels the contexts of its remotes'
// requests, and the test waits for their handlers. In an example, where there is no test, pass nil and call
// [Host.Close].
func NewHost(t testing.TB, options ...Option) *Host {
	h := &Host{
		t:        t,
		settings: settings{appID: DefaultAppID, tokenLifetime: remotetest.Lifetime, invokeTimeout: platform.Timeout},
		remotes:  map[string]*remoteTarget{},
		scripts:  map[string]Function{},
		resolver: map[string]Command{},
		faults:   map[string]*fault{},
		delays:   map[string]time.Duration{},
		counts:   map[string]int{},
		tokens:   map[tokenKey]signed{},
		windows:  map[string]*Window{},
		commands: newCommands(),
		members:  map[string]any{},
		opened:   make(chan struct{}),
		metrics:  map[string]float64{},
		products: map[string]*remoteTarget{},
		graph:    map[string]Command{},
		objects:  objectstore.New(),
	}
	h.bus = realtime.NewBus(h.deliver)
	h.app, h.page = h.newAppOrigin()
	h.resetGrants()
	for _, option := range options {
		if option != nil {
			option(&h.settings)
		}
	}
	if h.settings.issuer == nil {
		h.settings.issuer = issuerOf(h.settings.appID)
	}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	if t != nil {
		t.Cleanup(h.Close)
	}
	return h
}

// Close closes the host, as the end of its test does: it cancels the contexts of its requests and waits for the
// handlers. Later calls are refused.
func (h *Host) Close() {
	h.mu.Lock()
	h.closed = true
	queues := h.queues
	h.queues = nil
	if h.running > 0 && h.idle == nil {
		h.idle = make(chan struct{})
	}
	idle := h.idle
	for _, f := range h.flags {
		f.stop()
	}
	h.mu.Unlock()
	h.cancel()
	h.bus.Close()
	for _, q := range queues {
		q.Close()
	}
	if idle != nil {
		<-idle
	}
}

// start runs work in a goroutine that Close waits for, and calls ended when work has ended. It reports false if the
// host is closed. It reports a panic in work, using what as its description. failed is true if work panicked or ended
// the goroutine.
func (h *Host) start(what string, work func(), ended func(failed bool)) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	h.running++
	usercode.Go(func() error {
		work()
		return nil
	}, func(err error) {
		h.reportPanic(what, err)
		ended(err != nil)
		h.mu.Lock()
		defer h.mu.Unlock()
		h.running--
		if h.running == 0 && h.idle != nil {
			close(h.idle)
		}
	})
	return true
}

// perform carries out a command in its own goroutine, and passes the result to ended.
func (h *Host) perform(what string, command func() outcome, ended func(outcome)) bool {
	var out outcome
	return h.start(what, func() { out = command() }, func(failed bool) {
		if failed {
			out = outcome{err: &bridge.HostError{Name: "Error", Message: unexpected}}
		}
		ended(out)
	})
}

// outcome is the result of a command.
type outcome struct {
	answer bridge.Answer
	object bridge.Object
	err    error
}

const unexpected = "An unexpected error happened"

// refusal converts an error to the form that the page gets.
func refusal(ctx context.Context, err error) error {
	var refused *bridge.HostError
	var rejected *rejectedError
	var failed *platform.Error
	switch {
	case ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx))):
		return context.Cause(ctx)
	case errors.As(err, &refused):
		return refused
	case errors.As(err, &rejected):
		return &bridge.HostError{Name: "Error", Message: rejected.text}
	case errors.As(err, &failed):
		name := failed.Name
		if name == "" {
			name = "Error"
		}
		return &bridge.HostError{Name: name, Message: failed.Message, Code: string(failed.Code)}
	}
	return &bridge.HostError{Name: "Error", Message: err.Error()}
}

func errClosed() error {
	return &bridge.HostError{Name: "Error", Message: "The host in memory is closed: its test is over.", Code: "HOST_GONE"}
}

// reportPanic reports err if it is a panic, unless the panic is [http.ErrAbortHandler]. Other ways to end a
// goroutine, such as a test's Fatal, have already reported their reason.
func (h *Host) reportPanic(what string, err error) {
	if p, ok := err.(*usercode.PanicError); ok && p.Value != http.ErrAbortHandler {
		h.report(fmt.Sprintf("bridgetest: %s panicked: %v\n\n%s", what, p.Value, p.Stack))
	}
}

// report reports a problem that no caller gets as an error.
func (h *Host) report(problem string) {
	h.mu.Lock()
	closed := h.closed
	h.mu.Unlock()
	switch {
	case h.settings.report != nil:
		h.settings.report(problem)
	case h.t != nil && !closed:
		h.t.Error(problem)
	default:
		fmt.Fprintln(os.Stderr, problem)
	}
}

// misuse fails the test, or panics if there is no test.
func (h *Host) misuse(format string, args ...any) {
	text := "bridgetest: " + fmt.Sprintf(format, args...)
	if h.t == nil {
		panic(text)
	}
	h.t.Helper()
	h.t.Fatal(text)
}
