//go:build !linux

package watch

func isShared(string) bool { return false }
