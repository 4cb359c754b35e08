//go:build !unix

package main

import (
	"os"
	"syscall"
)

// stopSignals returns the signals that stop the command. On Windows, SIGTERM means that the console window was
// closed: https://pkg.go.dev/os/signal#hdr-Windows
func stopSignals() []os.Signal { return []os.Signal{os.Interrupt, syscall.SIGTERM} }
