//go:build !unix

package supervise

import (
	"os"
	"os/exec"
	"runtime"
	"strconv"
)

func ownGroup(*exec.Cmd) {}

// termGroup has no way to ask politely here.
func termGroup(p *os.Process) { killGroup(p) }

func killGroup(p *os.Process) {
	if runtime.GOOS == "windows" {
		// Kill ends one process only, and "go run" is two.
		if exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(p.Pid)).Run() == nil {
			return
		}
	}
	_ = p.Kill()
}

// sweepGroup cannot tell here what an ended program has started.
func sweepGroup(*os.Process) {}

// guard does nothing here: a killed forgego leaves its remotes running.
type guard struct{}

func newGuard(int) guard { return guard{} }

func (guard) release() {}
