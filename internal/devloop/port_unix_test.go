//go:build unix

package devloop

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// Another program may take the port between the moment when the loop chooses it and the moment when the backend listens.
func TestPortIsTakenBeforeTheBackendListens(t *testing.T) {
	t.Parallel()
	r := newApp(t, "forgego.yml", onlyBackend, "backend/main.go", backendThat(`
	if os.WriteFile("port", []byte(os.Getenv("PORT")), 0o600) != nil {
		os.Exit(4)
	}
	_, _ = os.ReadFile("taken") // waits the first time`, "first answer"))
	taken := filepath.Join(r.dir, "taken")
	if err := syscall.Mkfifo(taken, 0o600); err != nil {
		t.Fatal(err)
	}
	r.run(Options{})
	pipe, err := os.OpenFile(taken, os.O_WRONLY, 0) // returns when the backend waits
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(r.dir, "port"))
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(string(text))
	if err != nil {
		t.Fatal(err)
	}
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(socket)
	if err := syscall.Bind(socket, &syscall.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	r.remove("taken")
	pipe.Close()
	r.waitFor(EventBackend, "api", "ready")
	r.answers("first answer")
	r.waitForNoProblems()
}
