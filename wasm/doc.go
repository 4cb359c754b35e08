// Package wasm provides what a Go program needs in a web page: [Run] starts it and keeps it alive, [Go] runs the work
// of an event handler, Await waits for a JavaScript promise, and Export lets JavaScript call a Go function.
//
//	func main() { wasm.Run(app) }
//
//	func app(ctx context.Context) error { … }
//
// No JavaScript exception becomes a Go panic here, and no panic of a callback stops the program.
//
// Await and Export use JavaScript values, so they exist under GOOS=js only. Elsewhere, [Run] and [Go] report that
// there is no page.
package wasm
