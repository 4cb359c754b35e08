package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

// forgeBridge is the version of Atlassian's client whose commands package bridge sends.
const forgeBridge = "7.2.0"

type versionCommand struct{}

// Run prints what a bug report needs.
func (versionCommand) Run(ctx context.Context, c console) error {
	fmt.Fprintln(c.out, version())
	for _, t := range []tool{goTool, tinygoTool} {
		found := t.find(ctx)
		text := found.version
		switch {
		case found.path == "":
			text = "not installed"
		case text == "":
			text = "unknown"
		}
		fmt.Fprintf(c.out, "%s %s\n", t.name, text)
	}
	_, err := fmt.Fprintf(c.out, "sends what @forge/bridge %s sends\n", forgeBridge)
	return err
}

// version returns the version of forgego and of the Go that has built it.
func version() string {
	return fmt.Sprintf("forgego %s %s %s/%s", moduleVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

func moduleVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(unknown)"
}
