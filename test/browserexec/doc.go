// Command browserexec runs a test binary built for GOOS=js in Chromium, in a page of its own, loaded by this project's
// shim (jsglue/). It is made for go test, from the repository's root:
//
//	go -C test build -o ../bin/browserexec ./browserexec
//	GOOS=js GOARCH=wasm go test -exec "$(pwd)/bin/browserexec" ./bridge/... ./wasm/...
//
// What the program writes goes to standard output and standard error byte by byte; what the page's console says goes
// to standard error. The exit status is the program's, or 2 when the page crashes, hangs or goes away, or cannot be
// made. A page hangs when it still runs 10 seconds after -test.timeout; with a timeout of 0 it may run for ever.
//
// The page has no file system and no other processes. Flags that need them are refused, but for -test.testlogfile,
// which go test gives by itself and which is only for its cache. The page has no content security policy, and
// globalThis.__bridge is not there: a test defines its own.
package main
