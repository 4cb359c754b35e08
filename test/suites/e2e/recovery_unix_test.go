//go:build unix

package e2e

import (
	"syscall"
	"testing"
)

// TestHostThatSleeps checks that the page notices a host that is stopped, such as by Ctrl-Z, and that all goes on afterwards.
func TestHostThatSleeps(t *testing.T) {
	d := newDay(t)
	a := d.open(t)
	a.Ready()
	a.Add("Before", "invokeRemote")
	send := func(signal syscall.Signal) {
		t.Helper()
		if err := d.cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
	}
	send(syscall.SIGSTOP)
	a.bridgeSays("The local host still has its connection, but does not answer.")
	send(syscall.SIGCONT)
	a.bridgeSays("Connected")
	a.Add("After", "invokeRemote")
	a.Page.Quiet()
}
