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
	for _, c := range []struct {
		engines         []browser.Engine
		installed, left string
	}{
		{browser.All, "chromium,webkit", "The tests in firefox were LEFT OUT: there is no firefox: install it.\n"},
		{[]browser.Engine{browser.Chromium}, "chromium", ""},
		{[]browser.Engine{browser.Firefox}, "", "The tests in firefox were LEFT OUT: there is no firefox: install it.\n"},
	} {
		if installed, left := report(c.engines, problem); installed != c.installed || left != c.left {
			t.Errorf("%v: %q are installed, and %q; want %q and %q", c.engines, installed, left, c.installed, c.left)
		}
	}
}
