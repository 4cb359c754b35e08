package bundle

import "errors"

var (
	// ErrNoGo means that the go command is not installed or not in PATH.
	ErrNoGo = errors.New("the go command was not found; install Go from https://go.dev/dl and open a new terminal")
	// ErrNotMain means that the package is a library.
	ErrNotMain = errors.New("a front end must be package main with a func main")
	// ErrNoWasmExec means that the Go installation lacks wasm_exec.js.
	ErrNoWasmExec = errors.New("no lib/wasm/wasm_exec.js in the Go installation; install Go from https://go.dev/dl")
)

// CompileError is what the go command said against the program.
type CompileError struct {
	// Package is the folder of the program.
	Package string
	// Output is the go command's text; its paths are relative to this process's folder, so that a terminal can open
	// them.
	Output string
}

// Error gives the go command's lines as they are.
func (e *CompileError) Error() string { return e.Output }
