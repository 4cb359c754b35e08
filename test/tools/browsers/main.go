// Command browsers prints which of the named browsers are installed on this machine, with commas, as the variable BROWSER of
// the tests has them. If none is, it fails. With -missing, it says of each one that is not installed what to install.
//
// make test uses it, so that a browser that is missing is left out, but never silently:
//
//	go run ./tools/browsers firefox,webkit
//	go run ./tools/browsers -missing all
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/forgego/forgego/test/harness/browser"
)

func main() {
	missing := flag.Bool("missing", false, "print the browsers that are not installed, instead of the installed ones")
	flag.Parse()
	engines, err := browser.ParseEngines(flag.Arg(0))
	if err != nil {
		fail(err)
	}
	installed, left := report(engines, browser.Missing)
	switch {
	case *missing:
		fmt.Print(left)
	case installed == "":
		fail(errors.New(strings.TrimSpace(left)))
	default:
		fmt.Println(installed)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// report returns the names of the installed browsers, and a line for each other one. problem returns why one cannot be started.
func report(engines []browser.Engine, problem func(browser.Engine) error) (installed, left string) {
	var names []string
	var lines strings.Builder
	for _, engine := range engines {
		if err := problem(engine); err != nil {
			fmt.Fprintf(&lines, "The tests in %s were LEFT OUT: %v.\n", engine, err)
		} else {
			names = append(names, string(engine))
		}
	}
	return strings.Join(names, ","), lines.String()
}
