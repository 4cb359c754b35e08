//go:build !windows

package bundle

// inUse reports whether an operation on a file failed because the file is open, which it only does on Windows.
func inUse(error) bool { return false }
