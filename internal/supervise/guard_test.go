//go:build unix

package supervise

import (
	"bufio"
	"os"
	"os/exec"
	"testing"
)

// A parent that is killed cannot stop its programs itself.
func TestGuardStopsGroupOfKilledParent(t *testing.T) {
	s := spec(t, "supervises")
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), s.Env...)
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "<nil>\n" {
		t.Fatalf("the parent printed %q (%v), want <nil>", line, err)
	}
	conn := connect(t, s.Addr)
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	waitGone(t, conn)
}
