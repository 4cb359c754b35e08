//go:build !unix

package appfile

const nonblock = 0
