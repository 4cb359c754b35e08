package wasm

import (
	"context"
	"sync"
	"syscall/js"

	"github.com/forgego/forgego/internal/notice"
	"github.com/forgego/forgego/internal/usercode"
)

// hooks are what ListenFiles adds to a listener.
type hooks struct {
	// before is called for each event, also for one that WithSkipWhileRunning ignores.
	before func(event js.Value)
	// stopped is called when the listening has stopped.
	stopped func()
}

// listener calls a handler for the events of a target.
type listener struct {
	listening
	hooks
	// ctx is the handler's context. It ends when the listening stops, unless that is after the only event.
	ctx     context.Context
	handler func(ctx context.Context, event js.Value) error
	// running is the number of goroutines in which the handler runs. endNewest ends the context of the newest one, if it
	// has a context of its own.
	running   int
	endNewest context.CancelFunc
	stop      func()
}

func listen(ctx context.Context, target any, event string, handler func(ctx context.Context, event js.Value) error, options []ListenOption) (stop func()) {
	return listenWith(ctx, target, event, handler, options, hooks{})
}

func listenWith(ctx context.Context, target any, event string, handler func(ctx context.Context, event js.Value) error, options []ListenOption, h hooks) (stop func()) {
	notice.Use()
	l := &listener{hooks: h, handler: handler}
	for _, set := range options {
		if set != nil {
			set(&l.listening)
		}
	}
	if l.passive && l.preventDefault {
		panic("wasm.Listen: a passive listener cannot prevent the default action of \"" + event + "\"")
	}
	t := valueOf(target)
	if !isObject(t) || t.Get("addEventListener").Type() != js.TypeFunction {
		panic("wasm.Listen: the target of \"" + event + "\" is " + nameOf(t) + ", which has no events. Was the element found?")
	}
	own, end := context.WithCancel(ctx)
	l.ctx = own
	if l.once {
		l.ctx = ctx
	}
	f := js.FuncOf(func(_ js.Value, events []js.Value) any {
		if len(events) == 0 { // not an event of the browser
			events = []js.Value{js.Undefined()}
		}
		l.happened(events[0])
		return nil
	})
	how := map[string]any{"capture": l.capture, "once": l.once}
	if l.passive || l.preventDefault {
		how["passive"] = l.passive // some events of the window are passive by default
	}
	t.Call("addEventListener", event, f, how)
	l.stop = sync.OnceFunc(func() {
		end()
		t.Call("removeEventListener", event, f, l.capture)
		f.Release()
		if l.stopped != nil {
			l.stopped()
		}
	})
	context.AfterFunc(own, l.stop)
	return l.stop
}

// happened runs the handler for an event. The goroutine runs until it first waits before the browser continues.
func (l *listener) happened(event js.Value) {
	if l.before != nil {
		l.before(event)
	}
	if l.preventDefault && isObject(event) {
		event.Call("preventDefault")
	}
	if l.stopPropagation && isObject(event) {
		event.Call("stopPropagation")
	}
	if l.once {
		l.stop()
	}
	if l.ctx.Err() != nil || l.skipWhileRunning && l.running > 0 {
		return
	}
	ctx := l.ctx
	if l.newestOnly {
		if l.endNewest != nil {
			l.endNewest()
		}
		ctx, l.endNewest = context.WithCancel(l.ctx)
	}
	l.running++
	run := notice.Begin(l)
	usercode.Go(func() error { return l.handler(ctx, event) }, func(err error) {
		l.running--
		run.Done(ctx, err)
	})
}

// nameOf returns what a value is, for a message.
func nameOf(v js.Value) string {
	if v.IsNull() || v.IsUndefined() {
		return v.String()[1 : len(v.String())-1] // "<null>"
	}
	return js.Global().Get("String").Invoke(v).String()
}
