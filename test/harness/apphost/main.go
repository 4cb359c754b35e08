package apphost

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
)

// Main is the TestMain of a package whose tests share one browser. Each test opens its own tab. Main calls prepare and then,
// for each browser that the variable BROWSER names, starts it, runs all tests and closes it. If prepare is nil, Main does not
// call it. The folder that prepare receives exists until the tests end. Main does not return:
//
//	func TestMain(m *testing.M) { apphost.Main(m, &shared, prepare) }
func Main(m *testing.M, shared **browser.Browser, prepare func(dir string) error) {
	code, err := run(m, shared, prepare)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

func run(m *testing.M, shared **browser.Browser, prepare func(dir string) error) (code int, err error) {
	engines, err := browser.Engines()
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
	for _, engine := range engines {
		fmt.Println("in", engine)
		failed, err := runIn(m, shared, engine)
		if err != nil {
			return 1, err
		}
		code = max(code, failed)
	}
	return code, nil
}

func runIn(m *testing.M, shared **browser.Browser, engine browser.Engine) (code int, err error) {
	if *shared, err = browser.Start(context.Background(), engine); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, (*shared).Close()) }()
	return m.Run(), nil
}
