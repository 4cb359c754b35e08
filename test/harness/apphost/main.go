package apphost

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
)

// Main is the TestMain of a package whose tests share one browser. Each test opens its own tab. Main calls prepare, starts
// the browser, runs the tests and closes the browser. If prepare is nil, Main does not call it. The folder that prepare
// receives exists until the tests end. Main does not return:
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
