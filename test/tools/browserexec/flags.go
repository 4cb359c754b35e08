package main

import (
	"fmt"
	"strings"
	"time"
)

// grace is the time that a program has to report by itself that it exceeded -test.timeout.
const grace = 10 * time.Second

// flags are the flags of a test binary.
type flags struct {
	// args are the flags that are passed to the program.
	args []string
	// limit is how long the page may run. If it is 0, there is no limit.
	limit time.Duration
}

// needFiles are the flags of package testing with which a program reads or writes files or starts processes.
var needFiles = map[string]string{
	"artifacts":        "write artifacts",
	"blockprofile":     "write a profile",
	"coverprofile":     "write a coverage profile",
	"cpuprofile":       "write a profile",
	"fuzz":             "start the processes that fuzz",
	"gocoverdir":       "write coverage",
	"memprofile":       "write a profile",
	"mutexprofile":     "write a profile",
	"outputdir":        "write files",
	"trace":            "write a trace",
	"testlogfile":      "", // ignored without an error
	"fuzzcachedir":     "", // has no effect without -fuzz
	"blockprofilerate": "write a profile",
}

// parse reads the flags. It returns an error for a flag that a page cannot support.
func parse(args []string) (flags, error) {
	f := flags{limit: 10*time.Minute + grace}
	for _, arg := range args {
		name, value, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		name, isTestFlag := strings.CutPrefix(name, "test.")
		if !isTestFlag || !strings.HasPrefix(arg, "-") {
			f.args = append(f.args, arg)
			continue
		}
		action, refused := needFiles[name]
		switch {
		case action != "" && value != "" && value != "false":
			return flags{}, fmt.Errorf("a program in a page cannot %s: run it without -%s", action, name)
		case refused:
			continue
		case name == "timeout":
			timeout, err := time.ParseDuration(value)
			if err != nil {
				return flags{}, fmt.Errorf("-timeout: %w", err)
			}
			f.limit = 0
			if timeout > 0 {
				f.limit = timeout + grace
			}
		}
		f.args = append(f.args, arg)
	}
	return f, nil
}
