package apphost

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
)

// Main is the TestMain of a package whose tests share one browser. Each test opens its own tab. Main calls prepare and then,
// for each browser that the variable BROWSER names, starts it, runs all tests and closes it. If prepare is nil, Main does not
// call it. The folder that prepare receives exists until the tests end. Main does not return:
//
//	func TestMain(m *testing.M) { apphost.Main(m, &shared, prepare) }
//
// essential are the tests that also run in the browsers of the variable ESSENTIAL: "make test" runs everything in Chromium and
// these tests in the others. If everything runs in Chromium's headless shell, they also run in the whole Chromium.
func Main(m *testing.M, shared **browser.Browser, prepare func(dir string) error, essential ...string) {
	exit(run(m, shared, prepare, browser.Start, essential))
}

// MainWhole is Main for tests of what Chromium's headless shell does not have, such as the back/forward cache.
func MainWhole(m *testing.M, shared **browser.Browser, prepare func(dir string) error) {
	exit(run(m, shared, prepare, browser.StartWhole, nil))
}

func exit(code int, err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// starter starts a browser.
type starter func(context.Context, browser.Engine) (*browser.Browser, error)

func run(m *testing.M, shared **browser.Browser, prepare func(dir string) error, start starter, essential []string) (code int, err error) {
	engines, err := browser.Engines()
	if err != nil {
		return 1, err
	}
	others, err := browser.Essential()
	if err != nil {
		return 1, err
	}
	dir, err := os.MkdirTemp("", "forgego-test-")
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if prepare != nil {
		if err := prepare(dir); err != nil {
			return 1, err
		}
	}
	if os.Getenv("ESSENTIAL") != "" && slices.Contains(engines, browser.Chromium) && browser.HasShell() {
		others = append(others, browser.Chromium)
	}
	runAll := func(engines []browser.Engine, start starter, tests string) error {
		for _, engine := range engines {
			failed, err := runIn(m, shared, engine, start, tests)
			if err != nil {
				return err
			}
			code = max(code, failed)
		}
		return nil
	}
	if err := runAll(engines, start, "all tests"); err != nil {
		return 1, err
	}
	if len(essential) == 0 {
		return code, nil
	}
	// A flag -run of the command line still counts.
	flag.Parse()
	if run := flag.Lookup("test.run"); run.Value.String() == "" {
		if err := run.Value.Set("^(" + strings.Join(essential, "|") + ")$"); err != nil {
			return 1, err
		}
	}
	if err := runAll(others, browser.StartWhole, "the essential tests"); err != nil {
		return 1, err
	}
	return code, nil
}

func runIn(m *testing.M, shared **browser.Browser, engine browser.Engine, start starter, tests string) (code int, err error) {
	fmt.Println(tests, "in", engine)
	if *shared, err = start(context.Background(), engine); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, (*shared).Close()) }()
	return m.Run(), nil
}
