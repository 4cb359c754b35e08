// Command browsers prints which of the named browsers are installed on this machine, with commas, as the variable BROWSER of
// the tests has them. With -missing, it says of each other one what to install.
//
// make test uses it, so that a browser that is missing is left out, but never silently:
//
//	go run ./tools/browsers firefox,webkit
//	go run ./tools/browsers -missing all
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/forgego/forgego/test/harness/browser"
)

func main() {
	missing := flag.Bool("missing", false, "print the browsers that are not installed, instead of the installed ones")
	flag.Parse()
	if err := os.Setenv("BROWSER", flag.Arg(0)); err != nil {
		fail(err)
	}
	engines, err := browser.Engines()
	if err != nil {
		fail(err)
	}
	fmt.Print(report(engines, *missing, browser.Missing))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// report returns the text for the browsers. problem returns why one cannot be started.
func report(engines []browser.Engine, missing bool, problem func(browser.Engine) error) string {
	var installed, left []string
	for _, engine := range engines {
		if err := problem(engine); err != nil {
			left = append(left, fmt.Sprintf("The tests in %s were LEFT OUT: %v.\n", engine, err))
		} else {
			installed = append(installed, string(engine))
		}
	}
	if missing {
		return strings.Join(left, "")
	}
	return strings.Join(installed, ",") + "\n"
}
