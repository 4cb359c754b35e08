package supervise

import (
	"fmt"
	"os/exec"
	"time"
)

// detachNotice is how long Detach waits for a program that fails at once.
const detachNotice = time.Second

// Detach starts a program that this process does not end, such as an editor or a browser. It has no input and its output
// is discarded. Detach returns an error if the program does not start, or fails within a second.
func Detach(command []string) error {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.SysProcAttr = detached
	if err := cmd.Start(); err != nil {
		return startCause(err, "")
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("%s ended: %w", command[0], err)
		}
	case <-time.After(detachNotice):
	}
	return nil
}
