//go:build !unix

package main

// stop kills forgego: on Windows a program cannot be asked by one that shares no console with it.
func (c *command) stop() error { return c.cmd.Process.Kill() }

// stoppedStatus is that of a forgego that was killed.
const stoppedStatus = 1

func ignoreTerm() {}

func tellSignals(string) {}
