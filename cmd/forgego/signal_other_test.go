//go:build !unix

package main

// stop kills forgego: on Windows, only a program on the same console can ask it to stop.
func (c *command) stop() error { return c.cmd.Process.Kill() }

// stoppedStatus is the status of a forgego that was killed.
const stoppedStatus = 1

func ignoreTerm() {}

func printSignals(string) {}
