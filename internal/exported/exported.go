// Package exported runs the functions that a program exports to JavaScript by package wasm.
//
// The other end is jsglue/exportmemory.js, below jsglue/exports.js. What JavaScript tells the program comes through one
// exported WebAssembly function, and what the program replies goes through one JavaScript function, both with bytes in the
// program's memory. So a call makes no js.Value that must be released.
package exported

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/forgego/forgego/internal/growstack"
	"github.com/forgego/forgego/internal/usercode"
)

// The flags of a function. jsglue/flags.js has the same, and those of replies and messages.
const (
	FlagBytes     = 1 << iota // the input is bytes
	FlagNoInput               // the function has no input
	FlagSeq                   // it returns a sequence
	FlagFunctions             // the input may have functions
)

// The flags of a reply.
const (
	replyBytes = 1 << iota // the data is bytes, not JSON
	replyDone              // it is the last one of the call
	replySeq               // the call returns a sequence
	replyError             // the data is an error
	replyCall              // it is a call of a function in the input
)

// What JavaScript tells the program.
const (
	tellRoom   = iota // it needs memory for data
	tellCall          // it calls a function
	tellStop          // it does not want the result of a call any more
	tellNext          // it wants the next value of a sequence
	tellResult        // a function in the input has returned
	tellError         // a function in the input has thrown
)

// ErrNoModule means that the ES module did not load the program.
var ErrNoModule = errors.New("JavaScript can only call the functions of a program that the ES module of forgego has loaded: \"forgego module\" writes it")

// ErrCallEnded means that a function was called after the call that it belongs to has ended.
var ErrCallEnded = errors.New("wasm: the call that this JavaScript function came with has ended")

// Function is an exported function.
type Function struct {
	Flags uint32
	// Run carries out one call and passes each result to send. The result of a function that is not a sequence is nil if it
	// has none. send returns false if nobody wants another value. Run returns the error of the call.
	Run func(ctx context.Context, input []byte, send func(data []byte, isBytes bool) bool) error
}

// peer is the JavaScript end.
type peer interface {
	// add makes a function known, and remove forgets it.
	add(name string, number, flags uint32)
	remove(name string)
	// reply passes data on before it returns. index and number are those of a replyCall.
	reply(id, flags uint32, data []byte, index, number uint32)
}

// registry holds the functions of the program and their running calls.
type registry struct {
	peer peer

	mu        sync.Mutex
	names     map[string]bool
	functions map[uint32]*function
	calls     map[uint32]*call
	// waiting are the calls of functions in the inputs, by number.
	waiting map[uint32]chan<- answer
	// idle are goroutines that wait for the next call. Their stacks have grown already.
	idle []chan func()
	// last is the newest number of a function or of such a call.
	last uint32
}

type function struct {
	Function
	ctx context.Context
}

// call is a running call.
type call struct {
	callContext
	// next has a value when the next value of a sequence is wanted. It is nil for other functions.
	next chan struct{}
}

// answer is what a function in the input returned.
type answer struct {
	data  []byte
	threw bool
}

func newRegistry(p peer) *registry {
	return &registry{peer: p, names: map[string]bool{}, functions: map[uint32]*function{}, calls: map[uint32]*call{}, waiting: map[uint32]chan<- answer{}}
}

// add exports f until stop is called or ctx ends.
func (r *registry) add(ctx context.Context, name string, f Function) (stop func(), err error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.names[name] {
		return nil, errors.New("the program exports \"" + name + "\" already")
	}
	own, end := context.WithCancel(ctx)
	r.last++
	number := r.last
	r.names[name] = true
	r.functions[number] = &function{f, own}
	r.peer.add(name, number, f.Flags)
	stop = sync.OnceFunc(func() {
		end()
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.names, name)
		delete(r.functions, number)
		r.peer.remove(name)
	})
	context.AfterFunc(own, stop)
	return stop, nil
}

// checkName returns an error for a name that an import of JavaScript cannot have.
func checkName(name string) error {
	for i, c := range name {
		letter := c == '_' || c == '$' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return errors.New("\"" + name + "\" is not a name in JavaScript: use ASCII letters, digits, _ and $")
		}
	}
	if name == "" {
		return errors.New("the name is empty")
	}
	if strings.Contains(reserved, " "+name+" ") {
		return errors.New("\"" + name + "\" is a reserved word of JavaScript")
	}
	return nil
}

// reserved are the words that a module cannot export by a declaration.
// Source: https://tc39.es/ecma262/#prod-ReservedWord
const reserved = " arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
	"false finally for function if implements import in instanceof interface let new null package private protected public " +
	"return static super switch this throw true try typeof var void while with yield "

// tell takes a message of JavaScript. It does not wait.
func (r *registry) tell(what, id, number uint32, data []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch what {
	case tellCall:
		f := r.functions[number]
		if f == nil {
			go r.fail(id, errors.New("the program does not export this function any more"))
			return
		}
		c := &call{callContext: callContext{parent: f.ctx}}
		if f.Flags&FlagSeq != 0 {
			c.next = make(chan struct{}, 1)
		}
		r.calls[id] = c
		r.start(func() {
			growstack.ForValue()
			usercode.Call(func() error { return r.run(f, c, id, data) }, func(err error) {
				r.end(id, c)
				if err != nil {
					usercode.ShowPanic(err)
					r.fail(id, err)
				}
			})
		})
	case tellStop:
		if c := r.calls[id]; c != nil {
			c.cancel()
		}
	case tellNext:
		if c := r.calls[id]; c != nil && c.next != nil {
			select {
			case c.next <- struct{}{}:
			default:
			}
		}
	case tellResult, tellError:
		if w := r.waiting[id]; w != nil {
			delete(r.waiting, id)
			w <- answer{data, what == tellError}
		}
	}
}

// maxIdle is how many goroutines wait for calls.
const maxIdle = 8

// start runs a call in a goroutine of its own. The caller holds the lock.
func (r *registry) start(work func()) {
	if last := len(r.idle) - 1; last >= 0 {
		r.idle[last] <- work
		r.idle = r.idle[:last]
		return
	}
	next := make(chan func(), 1)
	next <- work
	go r.serve(next)
}

// serve runs calls until enough other goroutines wait for them. It ends with a call that ends its goroutine.
func (r *registry) serve(next chan func()) {
	for work := range next {
		work()
		r.mu.Lock()
		enough := len(r.idle) == maxIdle
		if !enough {
			r.idle = append(r.idle, next)
		}
		r.mu.Unlock()
		if enough {
			return
		}
	}
}

// run carries out a call and replies with its results.
func (r *registry) run(f *function, c *call, id uint32, input []byte) error {
	isSeq := f.Flags&FlagSeq != 0
	err := f.Run(c, input, func(data []byte, isBytes bool) bool {
		flags := uint32(0)
		if isBytes {
			flags |= replyBytes
		}
		if !isSeq {
			r.reply(id, flags|replyDone, data)
			return false
		}
		r.reply(id, flags, data)
		select {
		case <-c.next:
			return true
		case <-c.Done():
			return false
		}
	})
	if err == nil && isSeq {
		if c.Err() != nil {
			return context.Cause(c) // JavaScript must not take it for the end of the sequence
		}
		r.reply(id, replyDone|replySeq, nil)
	}
	return err
}

func (r *registry) reply(id, flags uint32, data []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.peer.reply(id, flags, data, 0, 0)
}

// fail rejects a call.
func (r *registry) fail(id uint32, err error) { r.reply(id, replyDone|replyError, encodeError(err)) }

// end forgets a call.
func (r *registry) end(id uint32, c *call) {
	c.cancel()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.calls[id] == c {
		delete(r.calls, id)
	}
}

// callBack calls a function in the input of the call id.
func (r *registry) callBack(ctx context.Context, id, index uint32, data []byte) ([]byte, error) {
	answered := make(chan answer, 1)
	r.mu.Lock()
	if r.calls[id] == nil {
		r.mu.Unlock()
		return nil, ErrCallEnded
	}
	r.last++
	number := r.last
	r.waiting[number] = answered
	r.peer.reply(id, replyCall, data, index, number)
	r.mu.Unlock()
	select {
	case a := <-answered:
		if a.threw {
			return nil, decodeError(a.data)
		}
		return a.data, nil
	case <-ctx.Done():
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.waiting, number)
		return nil, context.Cause(ctx)
	}
}
