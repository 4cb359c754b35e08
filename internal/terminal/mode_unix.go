//go:build unix

package terminal

import (
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// IsTerminal reports whether a file is a terminal.
func IsTerminal(f *os.File) bool {
	_, err := unix.IoctlGetTermios(int(f.Fd()), getTermios)
	return err == nil
}

// enableColors reports whether a terminal shows colours.
func enableColors(*os.File) bool { return true }

// mode is the terminal's mode.
type mode struct {
	fd     int
	before unix.Termios
}

var errBackground = errors.New("this process is not in the foreground of its terminal")

func (m *mode) open(in *os.File) error {
	m.fd = int(in.Fd())
	before, err := unix.IoctlGetTermios(m.fd, getTermios)
	if err != nil {
		return err
	}
	if !m.isForeground() {
		return errBackground
	}
	m.before = *before
	return m.enter()
}

// enter makes the terminal send each key at once, and not show it.
func (m *mode) enter() error {
	if !m.isForeground() {
		return errBackground // The system would stop this process.
	}
	t := m.before
	t.Lflag &^= unix.ICANON | unix.ECHO
	t.Cc[unix.VMIN], t.Cc[unix.VTIME] = 1, 0
	return unix.IoctlSetTermios(m.fd, setTermios, &t)
}

// leave restores the mode. In the background the terminal belongs to another program, so leave does nothing.
func (m *mode) leave() {
	if m.isForeground() {
		_ = unix.IoctlSetTermios(m.fd, setTermios, &m.before)
	}
}

func (m *mode) isForeground() bool {
	group, err := unix.IoctlGetInt(m.fd, unix.TIOCGPGRP)
	own, ownErr := unix.Getpgid(0)
	return err == nil && ownErr == nil && group == own
}

// start lets Ctrl-Z stop this process with the terminal's own mode, and returns a function that ends that.
func (k *Keys) start() (done func()) {
	// Reading in the background then fails instead of stopping this process.
	signal.Ignore(syscall.SIGTTIN)
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGTSTP, syscall.SIGCONT)
	go func() {
		for s := range signals {
			k.mu.Lock()
			switch {
			case k.closed:
			case s == syscall.SIGTSTP:
				k.leave()
				_ = syscall.Kill(syscall.Getpid(), syscall.SIGSTOP)
			default:
				_ = k.enter()
			}
			k.mu.Unlock()
		}
	}()
	return func() {
		signal.Stop(signals)
		close(signals)
		signal.Reset(syscall.SIGTTIN)
	}
}

// foregroundCheck is how often a process in the background looks whether it has the terminal again.
const foregroundCheck = time.Second

// retry reports whether reading can go on after an error. It waits until this process is in the foreground.
func (k *Keys) retry(err error) bool {
	if !errors.Is(err, syscall.EIO) {
		return false
	}
	if k.isForeground() {
		return false // The terminal is gone.
	}
	for !k.isForeground() {
		if k.isClosed() || !IsTerminal(k.in) {
			return false
		}
		time.Sleep(foregroundCheck)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return !k.closed && k.enter() == nil
}
