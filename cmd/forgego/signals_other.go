//go:build !unix

package main

import (
	"os"
	"syscall"
)

// stopSignals returns the signals that end the command. On Windows SIGTERM stands for a console window that is closed:
// https://pkg.go.dev/os/signal#hdr-Windows
func stopSignals() []os.Signal { return []os.Signal{os.Interrupt, syscall.SIGTERM} }
