//go:build unix

package supervise

import (
	"bufio"
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"
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

// The guard must be there before the program, which may already work in the folder when the parent is killed. A guard that starts
// later is too late only on a busy machine.
func TestGuardRemovesFolderOfKilledParent(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("GOTMPDIR", temp)
	s := spec(t, "starts a killer")
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), s.Env...)
	if out, err := parent.CombinedOutput(); err == nil || len(out) > 0 {
		t.Fatalf("the parent was not killed: %v\n%s", err, out)
	}
	for limit := time.Now().Add(30 * time.Second); ; runtime.Gosched() {
		left, err := os.ReadDir(temp)
		if err != nil {
			t.Fatal(err)
		}
		if len(left) == 0 {
			return
		}
		if time.Now().After(limit) {
			t.Fatalf("the temporary folder still contains %v", left)
		}
	}
}
