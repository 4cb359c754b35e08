package main

import (
	"errors"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
)

func TestReport(t *testing.T) {
	problem := func(engine browser.Engine) error {
		if engine == browser.Firefox {
			return errors.New("there is no firefox: install it")
		}
		return nil
	}
	if got := report(browser.All, false, problem); got != "chromium,webkit\n" {
		t.Errorf("installed: %q", got)
	}
	if got := report(browser.All, true, problem); got != "The tests in firefox were LEFT OUT: there is no firefox: install it.\n" {
		t.Errorf("missing: %q", got)
	}
	if got := report([]browser.Engine{browser.Chromium}, true, problem); got != "" {
		t.Errorf("nothing is missing, but it says %q", got)
	}
}
