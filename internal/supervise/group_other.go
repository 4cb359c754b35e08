//go:build !unix && !windows

package supervise

import (
	"os"
	"os/exec"
)

// group is one program: here nothing tells what it has started.
type group struct{ process *os.Process }

func startGroup(cmd *exec.Cmd, _ string) (*group, error) {
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &group{cmd.Process}, nil
}

// ask has no way to ask politely here.
func (g *group) ask() { g.kill() }

func (g *group) kill() { _ = g.process.Kill() }

func (g *group) end() {}
