// Package wasm holds what a Go program needs to live in a web page: [Run] starts it and keeps it alive, [Go] runs the
// work of an event handler, Await waits for a JavaScript promise, Export gives JavaScript a Go function to call.
//
//	func main() { wasm.Run(app) }
//
//	func app(ctx context.Context) error { … }
//
// No JavaScript exception becomes a Go panic here, and no panic of a callback stops the program.
//
// Await and Export deal in JavaScript values, so they exist under GOOS=js only; elsewhere [Run] and [Go] say that there
// is no page.
package wasm
