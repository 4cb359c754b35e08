//go:build unix

package supervise

import "syscall"

// detached is a group of its own, which Ctrl-C in the terminal does not reach.
var detached = &syscall.SysProcAttr{Setpgid: true}
