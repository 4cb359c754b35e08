//go:build unix

package appfile

import "syscall"

// nonblock prevents Open from blocking if a named pipe replaces the file after the check. It has no effect on a
// regular file.
const nonblock = syscall.O_NONBLOCK
