//go:build unix

package appfile

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Opening a pipe would wait forever for a writer, and reading a device would never end.
func TestReadRefusesSpecialFiles(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", filepath.Join(dir, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for name, kind := range map[string]string{"pipe": "a named pipe", "socket": "a socket"} {
		_, read := ReadIn(dir, name, 10)
		_, byPath := ReadPath(filepath.Join(dir, name), 10)
		for _, err := range []error{read, byPath, Check(dir, name)} {
			if !errors.Is(err, ErrNotRegular) || !strings.Contains(err.Error(), kind) {
				t.Errorf("%s: got %v", name, err)
			}
		}
	}
	if _, err := ReadPath("/dev/zero", 10); !errors.Is(err, ErrNotRegular) || !strings.Contains(err.Error(), "a device") {
		t.Errorf("a device: got %v", err)
	}
}

// A pipe replaces the file between the check and the open.
func TestOpenRefusesPipeThatReplacesFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a")
	write(t, file, "x")
	_, err := open(os.Stat, func(name string, flag int, mode os.FileMode) (*os.File, error) {
		if err := errors.Join(os.Remove(name), syscall.Mkfifo(name, 0o600)); err != nil {
			t.Fatal(err)
		}
		return os.OpenFile(name, flag, mode)
	}, file)
	if !errors.Is(err, ErrNotRegular) {
		t.Errorf("got %v, want %v", err, ErrNotRegular)
	}
}

func TestReadRefusesLinkOutOfFolder(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	write(t, filepath.Join(outside, "secret"), "secret")
	write(t, filepath.Join(dir, "a"), "inside")
	for name, to := range map[string]string{"out": filepath.Join(outside, "secret"), "in": "a"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if data, err := ReadIn(dir, "out", 10); err == nil || Check(dir, "out") == nil {
		t.Errorf("a link out of the folder was accepted; ReadIn returned %q", data)
	}
	if data, err := ReadIn(dir, "in", 10); err != nil || string(data) != "inside" || Check(dir, "in") != nil {
		t.Errorf("a link inside the folder: %q, %v", data, err)
	}
}
