//go:build !unix && !windows

package supervise

import "syscall"

var detached *syscall.SysProcAttr
