package supervise

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// goTemp makes a folder for what the go command writes before it starts a program: "go run" removes its files when it
// ends by itself, but not when it is asked to end or killed. The variable, "GOTMPDIR=…", is for the environment of the
// program that may be the go command, or may start it. Without a folder, because there is no room, the program runs all
// the same.
func goTemp() (folder string, variables []string, remove func()) {
	folder, err := os.MkdirTemp(goTempParent(), "forgego-")
	if err == nil {
		folder, err = filepath.Abs(folder) // the program may run in another folder
	}
	if err != nil {
		return "", nil, func() {}
	}
	return folder, []string{"GOTMPDIR=" + folder}, func() { _ = os.RemoveAll(folder) }
}

// goTempParent returns the folder in which the go command would work, which "go env -w" can set too; "" for that of
// the system.
func goTempParent() string {
	if parent := os.Getenv("GOTMPDIR"); parent != "" {
		return parent
	}
	return goEnvTemp()
}

var goEnvTemp = sync.OnceValue(func() string {
	cmd := exec.Command("go", "env", "GOTMPDIR")
	cmd.Dir = os.TempDir() // where no go.mod asks for another Go version
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN=local")
	out, _ := cmd.Output()
	return strings.TrimSpace(string(out))
})
