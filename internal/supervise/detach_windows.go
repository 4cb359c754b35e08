package supervise

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// detached is a group of its own, which Ctrl-C in the console does not reach.
var detached = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
