package browser

import (
	"errors"
	"os"
	"os/exec"
)

// ErrNoChromium means that there is no Chromium on this machine.
var ErrNoChromium = errors.New("no Chromium found in PATH as chromium, chromium-browser or google-chrome: install it " +
	"(Debian: apt-get install chromium), or name its program in the variable CHROMIUM")

// executable returns the path of the Chromium to run.
func executable() (string, error) {
	if name := os.Getenv("CHROMIUM"); name != "" {
		return exec.LookPath(name)
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNoChromium
}
