//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"testing"
)

// tb lets the harness of the tests run in a command.
type tb struct {
	testing.TB
	cleanups []func() error
}

// failure ends the day.
type failure struct{ text string }

func (f failure) Error() string { return f.text }

func (*tb) Helper()      {}
func (*tb) Failed() bool { return false }
func (*tb) Name() string { return "day" }

func (*tb) Fatal(args ...any)            { panic(failure{fmt.Sprint(args...)}) }
func (*tb) Fatalf(f string, args ...any) { panic(failure{fmt.Sprintf(f, args...)}) }
func (*tb) Error(args ...any)            { panic(failure{fmt.Sprint(args...)}) }
func (*tb) Errorf(f string, args ...any) { panic(failure{fmt.Sprintf(f, args...)}) }
func (*tb) Logf(f string, args ...any)   { fmt.Fprintf(os.Stderr, f+"\n", args...) }

func (t *tb) Cleanup(f func()) { t.onEnd(func() error { f(); return nil }) }

func (t *tb) onEnd(f func() error) { t.cleanups = append(t.cleanups, f) }

func (t *tb) TempDir() string {
	dir, err := os.MkdirTemp("", "forgego-day-")
	if err != nil {
		t.Fatal(err)
	}
	t.onEnd(func() error { return os.RemoveAll(dir) })
	return dir
}

// end runs what was registered, the last first.
func (t *tb) end() (err error) {
	for i := len(t.cleanups) - 1; i >= 0; i-- {
		err = errors.Join(err, t.cleanups[i]())
	}
	return err
}
