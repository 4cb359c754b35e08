//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// stopSignals returns the signals that stop the command: Ctrl-C, a termination request, and a closed terminal, unless
// nohup makes the command ignore that.
func stopSignals() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}
