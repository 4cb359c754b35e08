package devloop

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The end of a process must not be hidden by the news that it listens.
func TestProcessThatIsOverIsNotReady(t *testing.T) {
	t.Parallel()
	var p process
	said := 0
	say := func() { said++ }
	if !p.whileRunning(say) || said != 1 {
		t.Errorf("a process that runs: said %d times", said)
	}
	p.over = true
	if p.whileRunning(say) || said != 1 {
		t.Errorf("a process that is over: said %d times", said)
	}
}

// A backend that ends as soon as it listens is reported as such, whatever is seen first.
func TestBackendThatEndsAtItsFirstConnection(t *testing.T) {
	t.Parallel()
	r := run(t, "forgego.yml", onlyBackend, "backend/main.go", `package main

import (
	"fmt"
	"net"
	"os"
)

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:"+os.Getenv("PORT"))
	if err == nil {
		_, err = l.Accept()
	}
	fmt.Println("out of luck", err)
	os.Exit(3)
}
`)
	for range 5 {
		r.skip()
		r.Rebuild()
		r.waitFor(EventBackend, "api", "failed")
		r.quiet()
		if p := r.problems.get("remote api"); p.Title != "remote api ended: exit status 3" || !strings.Contains(p.Text, "out of luck") {
			t.Errorf("got %+v", p)
		}
	}
}

// "go run" adds the selected toolchain to PATH. So does the loop, which starts the program itself.
func TestBackendFindsTheToolchain(t *testing.T) {
	t.Parallel()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	r := run(t, "forgego.yml", onlyBackend, "backend/main.go", strings.Replace(backendText, `"first answer"`, `os.Getenv("PATH")`, 1))
	r.waitFor(EventBackend, "api", "ready")
	want := filepath.Join(strings.TrimSpace(string(root)), "bin") + string(filepath.ListSeparator) + os.Getenv("PATH")
	if got := r.get(r.backendURL()); got != want {
		t.Errorf("PATH is %q, want %q", got, want)
	}
}
