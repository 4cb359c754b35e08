package bundle

import (
	"errors"

	"golang.org/x/sys/windows"
)

// inUse reports whether an operation on a file failed because the file is open.
func inUse(err error) bool {
	return errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_LOCK_VIOLATION) ||
		errors.Is(err, windows.ERROR_ACCESS_DENIED)
}
