package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

type versionCommand struct{}

// Run prints what a bug report needs.
func (versionCommand) Run(c console) error {
	_, err := fmt.Fprintln(c.out, version())
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
