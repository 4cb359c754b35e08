package bridge

import (
	"bytes"
	"context"
	"sync"

	"github.com/forgego/forgego/internal/usercode"
)

// Interceptor is called for each command that goes to a host. It calls next to send the command, once, several times or
// not at all, and returns the answer. It may change the call and the answer, but not the bytes of their Payload and Body.
// If ctx ends, it must return soon, as next does. It is called by several goroutines at once.
type Interceptor func(ctx context.Context, call Call, next func(ctx context.Context, call Call) (Answer, error)) (Answer, error)

// Intercept returns a host that calls f for each command to host, for logging, metrics, retries and the like:
//
//	type next = func(context.Context, bridge.Call) (bridge.Answer, error)
//	host := bridge.Intercept(bridge.PageHost(), func(ctx context.Context, call bridge.Call, next next) (bridge.Answer, error) {
//		start := time.Now()
//		answer, err := next(ctx, call)
//		log.Println(call.Command, time.Since(start), err)
//		return answer, err
//	})
//	client := bridge.New(host)
//
// The returned host is a [Starter] and a [FunctionHost], so calls keep their order, and callbacks work. Commands that are
// started one after another are sent in this order: Start returns when f has called next, or has returned. If f calls
// next several times for a command with callbacks, those of the last call count. A host without functions still returns
// [ErrNoFunctions].
//
// f does not see the calls of an [Object], the calls of callbacks, and the requests that the page itself sends: for
// those of [WithDirect], see [WithFetcher]. The name of the operation and the remote are not part of a [Call]. A refusal is a
// [*HostError] here; a status of a remote is part of the answer.
//
// Interceptors can be nested: the outer one is called first. If f is nil, Intercept returns host.
func Intercept(host Host, f Interceptor) Host {
	if host == nil {
		host = noHost{}
	}
	if f == nil {
		return host
	}
	return &interceptedHost{host, f}
}

type interceptedHost struct {
	host Host
	f    Interceptor
}

func (h *interceptedHost) Call(ctx context.Context, call Call) (Answer, error) {
	if ctx.Err() != nil {
		return Answer{}, context.Cause(ctx)
	}
	return h.f(ctx, call, h.host.Call)
}

// Start implements [Starter]. It calls f in a goroutine and waits until the command is sent.
func (h *interceptedHost) Start(ctx context.Context, call Call) (wait func() (Answer, error)) {
	host, ok := h.host.(Starter)
	if !ok || ctx.Err() != nil {
		answer, err := h.Call(ctx, call)
		return func() (Answer, error) { return answer, err }
	}
	// The caller may change Payload and Body when Start has returned, and f may need them for another attempt.
	call.Payload, call.Body = bytes.Clone(call.Payload), bytes.Clone(call.Body)
	sent, ended := make(chan struct{}), make(chan struct{})
	tellSent := sync.OnceFunc(func() { close(sent) })
	var answer Answer
	var failure error
	usercode.Go(func() (err error) {
		answer, err = h.f(ctx, call, func(ctx context.Context, call Call) (Answer, error) {
			answered := host.Start(ctx, call)
			tellSent()
			return answered()
		})
		return err
	}, func(err error) {
		failure = err
		close(ended)
		tellSent()
		usercode.ShowPanic(err)
	})
	select {
	case <-sent:
	case <-ctx.Done():
	}
	return func() (Answer, error) {
		select {
		case <-ended: // an answer counts, even if ctx has ended since
			return answer, failure
		default:
		}
		select {
		case <-ended:
			return answer, failure
		case <-ctx.Done():
			return Answer{}, context.Cause(ctx)
		}
	}
}

// CallWithFunctions implements [FunctionHost].
func (h *interceptedHost) CallWithFunctions(ctx context.Context, call Call, callbacks ...Callback) (Answer, Object, error) {
	host, ok := h.host.(FunctionHost)
	switch {
	case ctx.Err() != nil:
		return Answer{}, nil, context.Cause(ctx)
	case !ok:
		return Answer{}, nil, ErrNoFunctions
	}
	var last lastObject
	kept := false
	defer func() {
		if !kept { // also if h.f panics
			last.take().Release()
		}
	}()
	answer, err := h.f(ctx, call, func(ctx context.Context, call Call) (Answer, error) {
		answer, object, err := host.CallWithFunctions(ctx, call, callbacks...)
		if err == nil {
			last.keep(object)
		}
		return answer, err
	})
	if err != nil {
		return Answer{}, nil, err
	}
	kept = true
	return answer, last.take(), nil
}

// lastObject keeps the object of the last of several calls, and releases the others.
type lastObject struct {
	mu     sync.Mutex
	object Object
	taken  bool
}

func (l *lastObject) keep(object Object) {
	l.mu.Lock()
	before := l.object
	if l.taken { // f has returned without waiting for this call
		before = object
	} else {
		l.object = object
	}
	l.mu.Unlock()
	if before != nil {
		before.Release()
	}
}

// take returns the object. If there is none, because f has not called next, it returns an empty one.
func (l *lastObject) take() Object {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.taken = true
	if l.object == nil {
		return noObject{}
	}
	return l.object
}

// noObject is an answer without functions.
type noObject struct{}

func (noObject) Apply(context.Context, string, []byte, ...Callback) (Answer, Object, error) {
	return Answer{}, nil, &HostError{Name: "TypeError", Message: "the answer has no function: it does not come from the host"}
}

func (noObject) Mute() {}

func (noObject) Release() {}
