//go:build !unix && !windows

package supervise

import (
	"os"
	"os/exec"
)

// group is one program. On this system, the programs that it starts are not known.
type group struct{ process *os.Process }

func startGroup(cmd *exec.Cmd, _ string) (*group, error) {
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &group{cmd.Process}, nil
}

// ask kills the program, because there is no way to ask it here.
func (g *group) ask() { g.kill() }

func (g *group) kill() { _ = g.process.Kill() }

func (g *group) end() {}
