package bundle

import "errors"

var (
	// ErrNoGo means that the go command is not installed or not in PATH.
	ErrNoGo = errors.New("the go command was not found; install Go from https://go.dev/dl and open a new terminal")
	// ErrNoFolder means that the program's folder does not exist, or is a file.
	ErrNoFolder = errors.New("there is no such folder")
	// ErrNotMain means that the package is a library.
	ErrNotMain = errors.New("a front end must be package main with a func main")
	// ErrNoWasmExec means that the Go installation lacks wasm_exec.js.
	ErrNoWasmExec = errors.New("no lib/wasm/wasm_exec.js in the Go installation; install Go from https://go.dev/dl")
	// ErrIncomplete means that the compiler reported success but did not write a complete program. Go's linker does
	// that when the disk is full.
	ErrIncomplete = errors.New("the compiler reported success, but its program is incomplete")
	// ErrNoTinyGo means that the tinygo command is not installed or not in PATH.
	ErrNoTinyGo = errors.New("the tinygo command was not found; install TinyGo 0.41.1 or newer from https://tinygo.org/getting-started/install and open a new terminal, or build with --compiler go")
	// ErrNoTinyWasmExec means that the TinyGo installation lacks wasm_exec.js.
	ErrNoTinyWasmExec = errors.New("no targets/wasm_exec.js in the TinyGo installation; install TinyGo from https://tinygo.org/getting-started/install")
	// ErrTinyGoLacks means that the program needs something that TinyGo does not support.
	ErrTinyGoLacks = errors.New("TinyGo does not compile net/http for a page; use package bridge itself, or build with --compiler go")
)

// CompileError is a compile error of the go or tinygo command.
type CompileError struct {
	// Package is the program's folder.
	Package string
	// Output is the command's text. Its paths are relative to this process's folder, so that a terminal can open
	// them.
	Output string
}

// Error returns the command's lines unchanged.
func (e *CompileError) Error() string { return e.Output }
