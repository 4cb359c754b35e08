// Command browserexec runs a test binary that is built for GOOS=js in Chromium, Firefox or WebKit, or in several of them at
// once. The binary gets its own page and is loaded by this project's shim (jsglue/). Use it with go test, from the root of the
// repository:
//
//	go -C test build -o ../bin/browserexec ./tools/browserexec
//	GOOS=js GOARCH=wasm go test -exec "$(pwd)/bin/browserexec -browser chromium,firefox" ./bridge ./wasm
//
// The jumps of the binary are made direct as "forgego build" does it, unless the flag -wasm-exec says that the binary is not by the
// Go compiler.
//
// The program's standard output and standard error are copied byte by byte. The messages of the page's console go to
// standard error. With several browsers, all output goes to standard output when the last browser has ended, one browser
// after the other, and the highest exit status counts.
//
// The exit status is the program's exit status. It is 2 if the page crashes, hangs, goes away or cannot be created. A page
// hangs if it is open for 10 seconds more than -test.timeout. With a timeout of 0 it may run forever.
//
// The page has no file system and no other processes. browserexec refuses flags that need them. The exception is
// -test.testlogfile: go test sets it for its cache, and browserexec ignores it. The page has no content security policy,
// and no globalThis.__bridge. A test defines its own. POST /echo answers with the body of the request, and with its type in
// the header X-Content-Type.
package main
