// Package wasm provides what a Go program needs in a web page: [Run] starts it and keeps it alive, [Listen] and
// [ListenFiles] call a function for events, [Go] runs work that waits, [Await] waits for a JavaScript promise, and
// [Export] lets JavaScript call a Go function.
//
//	func main() { wasm.Run(app) }
//
//	func app(ctx context.Context) error { … }
//
// Functions that run the app's code, or that wait, take a context first. Pass the one that Run passes to app, or a child of
// it. Handlers get a child of that context, so they use the client that the app has put into it by bridge.NewContext.
//
// A panic in a function that is passed to this package, such as a handler of Listen, does not end the program. [OnError]
// says how it is shown. A panic anywhere else ends the program, as in every Go program: in a goroutine that the app starts
// itself, and in a js.Func. TinyGo cannot recover from a panic, so there each one ends the program.
//
// A JavaScript exception in a call of this package is an error, and not a panic. Calls of syscall/js panic then.
//
// A js.Func must not wait, because JavaScript waits for it: the program would end with a deadlock.
//
// Every name exists in every build. Outside a page (GOOS=js), [Go], [OnError] and files made by [NewFile] work as in a page,
// so that code with them can be tested. The other functions return [ErrNoPage], or print it to standard error.
package wasm
