package supervise

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// goTemp makes a folder for the files that the go command writes before it starts a program. "go run" removes them when
// it ends by itself, but not when it is stopped or killed. variables, "GOTMPDIR=…", are for the environment of the
// program, which may be the go command or may start it. If the folder cannot be made, the program runs without it.
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

// goTempParent returns the folder in which the go command works, which "go env -w" can also set, or "" for the system's.
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
