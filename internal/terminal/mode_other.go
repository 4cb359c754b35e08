//go:build !unix && !windows

package terminal

import (
	"errors"
	"os"
)

// IsTerminal reports whether a file is a terminal.
func IsTerminal(*os.File) bool { return false }

func enableColors(*os.File) bool { return false }

type mode struct{}

func (m *mode) open(*os.File) error { return errors.ErrUnsupported }

func (m *mode) leave() {}

func (k *Keys) start() (done func()) { return func() {} }

func (k *Keys) retry(error) bool { return false }
