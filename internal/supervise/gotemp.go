package supervise

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
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

// goEnvLimit is how long the go command may take to print a setting. A command that hangs must not hang this process.
const goEnvLimit = time.Second

var goEnvTemp = sync.OnceValue(func() string {
	ctx, cancel := context.WithTimeout(context.Background(), goEnvLimit)
	defer cancel()
	out, _, _ := Command{
		Args: []string{"go", "env", "GOTMPDIR"},
		Dir:  os.TempDir(), // where no go.mod asks for another Go version
		Env:  append(os.Environ(), "GOTOOLCHAIN=local"),
	}.run(ctx)
	return strings.TrimSpace(string(out))
})
