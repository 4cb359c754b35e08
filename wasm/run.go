package wasm

import (
	"context"
	"runtime"

	"github.com/forgego/forgego/internal/notice"
	"github.com/forgego/forgego/internal/usercode"
)

// Run calls app and keeps the program alive as long as the page, so that callbacks work after app has returned. Run
// itself does not return. An error or a panic of app is shown once, in the page and in the console. The context passed to
// app ends when the page is closed, with the cause [ErrPageClosed]. Call Run once, from main.
//
// If JavaScript stops the program, by the function stop of the ES module, the context ends with the cause [ErrStopped], and
// the program exits with status 0.
//
// Outside a page, Run prints [ErrNoPage] to standard error and exits with status 1.
func Run(app func(ctx context.Context) error) { run(app) }

// Go runs work in its own goroutine, with the context ctx. A function that JavaScript calls uses it for work that waits,
// because the function itself must not wait; the handlers of [Listen] need no Go. An error or a panic does not stop the
// program: see [OnError]. Go works outside a page too, in tests for example.
func Go(ctx context.Context, work func(ctx context.Context) error) {
	notice.Use()
	var place [1]uintptr
	runtime.Callers(2, place[:])
	run := notice.Begin(place)
	usercode.Go(func() error { return work(ctx) }, func(err error) { run.Done(ctx, err) })
}

// OnError sets what happens with an error, or a panic, after which the program continues: of a handler of [Listen], of the
// work of [Go], of a handler of the packages below bridge, such as the one of a flag's button, and of the app's other
// functions that this module calls, such as token sources. The console gets each error, whatever handler does. A panic is a
// [*PanicError].
//
// Some errors are not failures, and are ignored: that a context has ended, if it is the context of the code that returns
// the error; and that the user has closed a dialog (modal.ErrDismissed).
//
// By default, the page shows the newest error in a notice, with the text of bridge.Message. The user can close it. It
// disappears when the same action succeeds later: when the same handler, or Go called in the same place, returns nil.
// OnError(nil) sets this default again.
//
// handler runs in its own goroutine, so it may wait. Its context has the values of the context of the code that failed,
// such as its client, and ends when the page is closed. If handler panics, the notice shows that.
//
// Outside a page there is no notice, and standard error is the console.
func OnError(handler func(ctx context.Context, err error)) { notice.OnError(handler) }
