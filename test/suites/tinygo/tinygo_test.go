// Package tinygo tests front ends that are built by TinyGo, in Chromium: the contract of all hosts on the local host's
// page, calls to a host that misbehaves, failures, references, and sizes.
//
// Run it from the folder test/. Chromium and TinyGo must be installed (tools/tinygo/setup.sh):
//
//	go test -count=1 -v ./suites/tinygo
package tinygo

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/internal/hosttest"
	"github.com/forgego/forgego/remote"
	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/harness/command"
	"github.com/forgego/forgego/test/harness/program"
)

const appID = "ari:cloud:ecosystem::app/7c0a4b52-6f0d-4a55-9d5e-31c1f6f2a9b4"

var (
	chromium *browser.Browser
	// app is the folder of the app that TinyGo built.
	app string
	// forgego is the path of the command.
	forgego string
	// programs is the folder for programs that several tests use.
	programs string
)

func TestMain(m *testing.M) {
	apphost.Main(m, &chromium, func(dir string) (err error) {
		app, programs = filepath.Join(dir, "app"), filepath.Join(dir, "programs")
		if forgego, err = command.Build(dir); err != nil {
			return err
		}
		return apphost.Build(context.Background(), "tinygo", app, bundle.Options{Compiler: bundle.TinyGo, Panics: true})
	})
}

// built returns the folder of a program that TinyGo has built as "forgego build" does. It is built once.
func built(t *testing.T, name string) (dir string) {
	t.Helper()
	dir = filepath.Join(programs, filepath.FromSlash(name))
	if _, err := os.Stat(dir); err == nil {
		return dir
	}
	if err := program.Build(t.Context(), name, dir, bundle.Options{Compiler: bundle.TinyGo}); err != nil {
		t.Fatal(err)
	}
	return dir
}

// check runs a case in the page's program.
func check(t *testing.T, frame *browser.Frame, name string) {
	t.Helper()
	text, err := json.Marshal(name)
	if err != nil {
		t.Fatal(err)
	}
	// A long case must not exceed the time limit of a single evaluation.
	frame.Eval(`{
		globalThis.outcome = undefined;
		setTimeout(() => check(`+string(text)+`).then((problem) => { globalThis.outcome = { problem }; }));
	}`, nil)
	frame.Wait(name, `globalThis.outcome`)
	if problem := frame.String(`outcome.problem`); problem != "" {
		t.Error(problem)
	}
}

// TestPageHostKeepsTheContract runs the program with the local host behind it.
func TestPageHostKeepsTheContract(t *testing.T) { testContract(t, app) }

// TestPageHostKeepsTheContractInWorker does the same with the program in a worker.
func TestPageHostKeepsTheContractInWorker(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "app")
	if err := apphost.BuildInWorker(t.Context(), "tinygo", dir, "check", bundle.Options{Compiler: bundle.TinyGo, Panics: true}); err != nil {
		t.Fatal(err)
	}
	testContract(t, dir)
}

func testContract(t *testing.T, app string) {
	host := apphost.Serve(t, app)
	apphost.Remote(t, host, appID, hosttest.RemoteKey, hosttest.Remote(),
		remote.WithAllowedHeaders("X-Sent"), remote.WithExposedHeaders("X-Method", "X-Sent", "X-Body"))
	frame := chromium.Open(t, host.URL()).Iframe(host.AppURL())
	frame.Wait("the program", `globalThis.check`)
	for _, c := range hosttest.Cases() {
		t.Run(c.Name, func(t *testing.T) { check(t, frame, c.Name) })
	}
	for _, name := range []string{"the direct way", "server-sent events"} {
		t.Run(name, func(t *testing.T) { check(t, frame, name) })
	}
}

// open shows the program with a host in its own page.
func open(t *testing.T) *browser.Page {
	t.Helper()
	server := httptest.NewServer(http.FileServer(http.Dir(filepath.Join(app, "static"))))
	t.Cleanup(server.Close)
	page := chromium.Open(t, server.URL+"/stub.html")
	page.Wait("the program", `globalThis.check`)
	return page
}

func TestCallsToAScriptedHost(t *testing.T) {
	page := open(t)
	for _, name := range []string{
		"bodies of all sizes", "a thousand calls at once", "exceptions are errors", "a call that is given up", "a deadline",
		"an answer that is nested deeply", "callbacks and a subscription", "memory grows",
		"a function of the app", "references", "goroutines leave nothing",
	} {
		t.Run(name, func(t *testing.T) { check(t, page.Frame, name) })
	}
	page.Quiet()
}

// TestErrorIsShown checks that an error of the app is shown, and that the program continues.
func TestErrorIsShown(t *testing.T) {
	page := open(t)
	check(t, page.Frame, "an error of the app")
	page.Find("alert", "").WaitCount(1)
	if text := page.Find("alert", "").Text(); !strings.Contains(text, "the disk is full") {
		t.Errorf("the page shows %q", text)
	}
	check(t, page.Frame, "exceptions are errors")
}

// TestPanicIsShown checks that a panic ends the program, and that it is shown.
func TestPanicIsShown(t *testing.T) {
	page := open(t)
	page.Eval(`void setTimeout(() => check("a panic"))`, nil)
	page.Wait("the end", `failures.length === 1`)
	if text := page.Find("alert", "").Text(); !strings.Contains(text, "Its exit status is 2") {
		t.Errorf("the page shows %q", text)
	}
	if text := page.ConsoleText(); !strings.Contains(text, "panic: the disk is full") {
		t.Errorf("the console does not show the panic:\n%s", text)
	}
}
