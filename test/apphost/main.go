package apphost

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/forgego/forgego/test/browser"
)

// Main is a package's TestMain with a browser that all tests share, each with a tab of its own: it prepares, starts the
// browser, runs the tests and closes the browser. The prepare function, which may be nil, gets a folder that is there
// until the tests have ended. Main does not return:
//
//	func TestMain(m *testing.M) { apphost.Main(m, &chromium, prepare) }
func Main(m *testing.M, chromium **browser.Browser, prepare func(dir string) error) {
	code, err := run(m, chromium, prepare)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

func run(m *testing.M, chromium **browser.Browser, prepare func(dir string) error) (code int, err error) {
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
	if *chromium, err = browser.Start(context.Background()); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, (*chromium).Close()) }()
	return m.Run(), nil
}
