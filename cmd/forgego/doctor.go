package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
)

// doctorCommand says what is installed and what is missing.
type doctorCommand struct{}

// Run prints a line for each tool and for each browser. It returns an error if something is missing without which nothing
// works.
func (doctorCommand) Run(ctx context.Context, c console) error {
	tools := []tool{goTool, tinygoTool, nodeTool, forgeTool}
	browsers := browserTools()
	all := make([]installed, len(tools)+len(browsers))
	var looking sync.WaitGroup
	for i, t := range append(tools, browsers...) {
		looking.Go(func() { all[i] = t.find(ctx) })
	}
	looking.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	fmt.Fprintln(c.out, version())
	healthy, hasBrowser := true, false
	for i, found := range all {
		if i >= len(tools) {
			if found.path == "" {
				continue
			}
			hasBrowser = true
		}
		state, advice := found.state()
		healthy = healthy && (state == stateOK || !found.required)
		fmt.Fprintln(c.out, strings.TrimRight(fmt.Sprintf("%-8s  %-10s  %-12s  %s", state, found.name, found.version, found.path), " "))
		if advice != "" {
			fmt.Fprintf(c.out, "%10s%s\n", "", advice)
		}
	}
	if !hasBrowser {
		fmt.Fprintf(c.out, "%-8s  %s\n%10sNone was found in the usual places. It shows the page of forgego dev: install Chromium, Firefox or another.\n", stateMissing, "a browser", "")
	}
	if !healthy {
		return errors.New("something that is required is missing or too old; see above")
	}
	return nil
}

// The states of a tool.
const (
	stateOK       = "ok"
	stateOld      = "old"
	stateMissing  = "missing"
	stateOptional = "optional"
)

// state returns the state of a tool and what to do.
func (i installed) state() (state, advice string) {
	switch {
	case i.path == "" && i.required:
		return stateMissing, "It " + i.use + ": " + i.get + "."
	case i.path == "":
		return stateOptional, "Not installed. It is only for " + i.use + ": " + i.get + "."
	case i.isOld():
		return stateOld, fmt.Sprintf("Version %s or newer is needed: %s.", i.oldest, i.get)
	}
	return stateOK, ""
}
