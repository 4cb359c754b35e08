package main

import (
	"context"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/forgego/forgego/internal/supervise"
)

// tool is a program that forgego, or a developer of an app, uses.
type tool struct {
	name string
	// commands are the names or paths that it may have. The first that exists counts.
	commands []string
	// arguments make it print its version.
	arguments []string
	// oldest is the oldest version that works, such as "1.26", or empty.
	oldest string
	// required says that nothing works without it.
	required bool
	// use says for what it is needed, and get how to get it.
	use, get string
}

// installed is a tool that was looked for.
type installed struct {
	tool
	// path is empty if there is none.
	path string
	// version is empty if it did not say.
	version string
}

// toolTime is how long a tool may take to say its version.
const toolTime = 20 * time.Second

var versionNumber = regexp.MustCompile(`\d+\.\d+(\.\d+)*`)

// find looks for a tool in PATH and asks for its version.
func (t tool) find(ctx context.Context) installed {
	for _, command := range t.commands {
		path, err := exec.LookPath(command)
		if err != nil {
			continue
		}
		found := installed{tool: t, path: path}
		if len(t.arguments) == 0 {
			return found
		}
		ctx, cancel := context.WithTimeout(ctx, toolTime)
		defer cancel()
		stdout, stderr, err := supervise.Command{Args: append([]string{path}, t.arguments...)}.Run(ctx)
		if err == nil {
			found.version = versionNumber.FindString(string(stdout) + string(stderr))
		}
		return found
	}
	return installed{tool: t}
}

// isOld reports whether the version is known and older than the oldest that works.
func (i installed) isOld() bool {
	have, need := numbers(i.version), numbers(i.oldest)
	if len(have) == 0 {
		return false
	}
	for n := range need {
		switch {
		case n == len(have) || have[n] < need[n]:
			return true
		case have[n] > need[n]:
			return false
		}
	}
	return false
}

// numbers returns the numbers of a version.
func numbers(version string) (list []int) {
	for part := range strings.SplitSeq(version, ".") {
		if n, err := strconv.Atoi(part); err == nil {
			list = append(list, n)
		}
	}
	return list
}

var (
	goTool = tool{
		name: "Go", commands: []string{"go"}, arguments: []string{"env", "GOVERSION"}, oldest: "1.26", required: true,
		use: "builds front ends and backends", get: "install it from https://go.dev/dl and open a new terminal",
	}
	tinygoTool = tool{
		name: "TinyGo", commands: []string{"tinygo"}, arguments: []string{"version"}, oldest: "0.41.1",
		use: "--compiler tinygo, for front ends a tenth of the size", get: "install it from https://tinygo.org/getting-started/install",
	}
	nodeTool = tool{
		name: "Node.js", commands: []string{"node"}, arguments: []string{"--version"}, oldest: "20",
		use: "the app's functions under forgego dev, and the Forge CLI", get: "install it from https://nodejs.org",
	}
	forgeTool = tool{
		name: "Forge CLI", commands: []string{"forge"}, arguments: []string{"--version"}, oldest: "12",
		use: "forge register, deploy and install", get: "run npm install --global @forge/cli, then forge login",
	}
)

// browserTools are the browsers that can show the app's page.
func browserTools() []tool {
	var browsers []tool
	for _, b := range []struct {
		name    string
		linux   []string
		mac     string
		windows string
	}{
		{"Chromium", []string{"chromium", "chromium-browser"}, "Chromium", `Chromium\Application\chrome.exe`},
		{"Chrome", []string{"google-chrome", "google-chrome-stable"}, "Google Chrome", `Google\Chrome\Application\chrome.exe`},
		{"Edge", []string{"microsoft-edge"}, "Microsoft Edge", `Microsoft\Edge\Application\msedge.exe`},
		{"Firefox", []string{"firefox", "firefox-esr"}, "Firefox", `Mozilla Firefox\firefox.exe`},
		{"Safari", nil, "Safari", ""},
		{"GNOME Web", []string{"epiphany", "epiphany-browser"}, "", ""},
	} {
		t := tool{name: b.name, commands: b.linux, arguments: []string{"--version"}}
		switch {
		case runtime.GOOS == "darwin" && b.mac != "":
			t.commands = append(t.commands, "/Applications/"+b.mac+".app/Contents/MacOS/"+b.mac)
			if b.name == "Safari" { // it has no such flag
				t.arguments = nil
			}
		case runtime.GOOS == "windows" && b.windows != "":
			// On Windows, browsers do not print their version.
			t.commands, t.arguments = []string{`C:\Program Files\` + b.windows, `C:\Program Files (x86)\` + b.windows}, nil
		}
		if len(t.commands) > 0 {
			browsers = append(browsers, t)
		}
	}
	return browsers
}
