//go:build !windows

package bundle

// inUse reports whether an operation failed because the file is open. That only happens on Windows.
func inUse(error) bool { return false }
