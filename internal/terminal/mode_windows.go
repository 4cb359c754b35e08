package terminal

import (
	"os"

	"golang.org/x/sys/windows"
)

// IsTerminal reports whether a file is a console.
func IsTerminal(f *os.File) bool {
	var m uint32
	return windows.GetConsoleMode(windows.Handle(f.Fd()), &m) == nil
}

// enableColors makes a console understand colours, and reports whether it does.
func enableColors(f *os.File) bool {
	var m uint32
	h := windows.Handle(f.Fd())
	if windows.GetConsoleMode(h, &m) != nil {
		return false
	}
	return windows.SetConsoleMode(h, m|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}

// mode is the console's mode.
type mode struct {
	console windows.Handle
	before  uint32
}

func (m *mode) open(in *os.File) error {
	m.console = windows.Handle(in.Fd())
	if err := windows.GetConsoleMode(m.console, &m.before); err != nil {
		return err
	}
	now := m.before&^(windows.ENABLE_LINE_INPUT|windows.ENABLE_ECHO_INPUT) | windows.ENABLE_PROCESSED_INPUT
	return windows.SetConsoleMode(m.console, now)
}

func (m *mode) leave() { _ = windows.SetConsoleMode(m.console, m.before) }

func (k *Keys) start() (done func()) { return func() {} }

func (k *Keys) retry(error) bool { return false }
