package main

import (
	"errors"
	"os/exec"
	"runtime"

	"github.com/forgego/forgego/internal/supervise"
)

// openBrowser opens an address in the user's browser.
func openBrowser(url string) error {
	switch runtime.GOOS {
	case "windows":
		return supervise.Detach([]string{"rundll32", "url.dll,FileProtocolHandler", url})
	case "darwin":
		return supervise.Detach([]string{"open", url})
	}
	// wslview opens the browser of Windows from its Linux.
	for _, name := range []string{"xdg-open", "wslview"} {
		if path, err := exec.LookPath(name); err == nil {
			return supervise.Detach([]string{path, url})
		}
	}
	return errors.New("there is no program xdg-open")
}
