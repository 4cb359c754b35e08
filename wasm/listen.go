package wasm

import "context"

// Listen calls handler for each event of target until stop is called or ctx ends. target is a js.Value, a safejs.Value, or
// a value with a method Underlying that returns a js.Value, such as those of honnef.co/go/js/dom/v2.
//
//	stop := wasm.Listen(ctx, form, "submit", func(ctx context.Context, event js.Value) error {
//		return save(ctx, name.Value())
//	}, wasm.WithPreventDefault())
//
// The handler runs in its own goroutine, so it may wait. It starts before the browser continues with the event, so until
// it first waits it may use what an event has only then: currentTarget, preventDefault, the files of a drop. If it still
// runs when the event comes again, both run at the same time, like asynchronous functions of JavaScript.
// [WithSkipWhileRunning] and [WithNewestOnly] change that.
//
// An error or a panic of the handler does not stop the program or the listening: see [OnError].
//
// The handler's context is a child of ctx, so it has the values of ctx, such as the client of bridge.NewContext. It ends
// when ctx ends and when stop is called, and not when the handler returns: the buttons of a flag that it has shown, and the
// listeners that it has added, work afterwards. stop also removes the handler from the target and releases its JavaScript
// function. It may be called several times, also by the handler itself.
//
// Listen panics if target cannot have listeners, for example because no element was found, and if [WithPassive] and
// [WithPreventDefault] are both set. Outside a page there are no events: Listen prints [ErrNoPage] to standard error.
func Listen[E AnyValue](ctx context.Context, target any, event string, handler func(ctx context.Context, event E) error, options ...ListenOption) (stop func()) {
	return listen(ctx, target, event, func(ctx context.Context, e jsValue) error { return handler(ctx, as[E](e)) }, options)
}

// ListenFiles calls handler with the files that the user picks in an <input type="file">, or drops on any other element.
// It is not called without files. A picked file can be picked again, because the input is cleared. Otherwise it is as
// [Listen].
//
//	wasm.ListenFiles(ctx, input, func(ctx context.Context, files []wasm.File) error {
//		return upload(ctx, files[0])
//	})
func ListenFiles(ctx context.Context, target any, handler func(ctx context.Context, files []File) error, options ...ListenOption) (stop func()) {
	return listenFiles(ctx, target, handler, options)
}
