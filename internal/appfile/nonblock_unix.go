//go:build unix

package appfile

import "syscall"

// nonblock keeps an open from waiting if a named pipe takes the file's place after it was checked. It changes nothing for
// a regular file.
const nonblock = syscall.O_NONBLOCK
