package wasm

import (
	"context"
	"sync"
	"syscall/js"

	"github.com/forgego/forgego/internal/usercode"
)

// Listen calls handler for each event of target until stop is called or the page is closed. target is a js.Value, a
// safejs.Value, or a value with a method Underlying that returns a js.Value, such as those of honnef.co/go/js/dom/v2.
//
//	stop := wasm.Listen(form, "submit", func(ctx context.Context, event js.Value) error {
//		return save(ctx, name.Value())
//	}, wasm.WithPreventDefault())
//
// The handler runs in its own goroutine, so it may wait. It starts before the browser continues with the event, so until
// it first waits it may use what an event has only then: currentTarget, preventDefault, the files of a drop. If it still
// runs when the event comes again, both run at the same time, like asynchronous functions of JavaScript. [WithSkipWhileRunning]
// and [WithNewestOnly] change that.
//
// An error or a panic of the handler does not stop the program or the listening: see [OnError]. The context ends when stop
// is called and when the page is closed, and not when the handler returns: the buttons of a flag that it has shown work
// afterwards. stop also removes the handler from the target and releases its JavaScript function. It may be called several
// times, also by the handler itself.
//
// Listen panics if target cannot have listeners, for example because no element was found, and if [WithPassive] and
// [WithPreventDefault] are both set.
func Listen[E AnyValue](target any, event string, handler func(ctx context.Context, event E) error, options ...ListenOption) (stop func()) {
	return listen(target, event, func(ctx context.Context, e js.Value) error { return handler(ctx, as[E](e)) }, options, hooks{})
}

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
	handler func(ctx context.Context, event js.Value) error
	// running is the number of goroutines in which the handler runs. endNewest ends the context of the newest one, if it
	// has a context of its own.
	running   int
	endNewest context.CancelFunc
	stop      func()
}

func listen(target any, event string, handler func(ctx context.Context, event js.Value) error, options []ListenOption, h hooks) (stop func()) {
	showErrors()
	l := &listener{listening: listening{ctx: page()}, hooks: h, handler: handler}
	for _, set := range options {
		set(&l.listening)
	}
	if l.passive && l.preventDefault {
		panic("wasm.Listen: a passive listener cannot prevent the default action of \"" + event + "\"")
	}
	t := valueOf(target)
	if !isObject(t) || t.Get("addEventListener").Type() != js.TypeFunction {
		panic("wasm.Listen: the target of \"" + event + "\" is " + nameOf(t) + ", which has no events. Was the element found?")
	}
	var end context.CancelFunc
	l.ctx, end = context.WithCancel(l.ctx)
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
	context.AfterFunc(l.ctx, l.stop)
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
	usercode.Go(func() error { return l.handler(ctx, event) }, func(err error) {
		l.running--
		finished(ctx, l, err)
		if l.once {
			l.stop()
		}
	})
}

// nameOf returns what a value is, for a message.
func nameOf(v js.Value) string {
	if v.IsNull() || v.IsUndefined() {
		return v.String()[1 : len(v.String())-1] // "<null>"
	}
	return js.Global().Get("String").Invoke(v).String()
}
