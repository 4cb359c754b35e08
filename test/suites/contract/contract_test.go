// Package contract runs the contract of all hosts on the page's bridge.Host, with the local host behind it, and the cases
// about what commands answer, which the host in memory keeps too. It uses a Go program in a browser, the product's page, and
// a remote that verifies requests.
//
// Run it from the folder test/; BROWSER says in which browsers:
//
//	go test -count=1 ./suites/contract
package contract

import (
	"encoding/json"
	"testing"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/internal/hosttest"
	"github.com/forgego/forgego/remote"
	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
)

const appID = "ari:cloud:ecosystem::app/5d1f6a0e-4c3b-4e57-8f2b-3b9a1c7d6e20"

var chromium *browser.Browser

func TestMain(m *testing.M) { apphost.Main(m, &chromium, nil) }

// differs has the cases that an engine cannot pass, and why.
var differs = map[browser.Engine]map[string]string{
	browser.WebKit: {hosttest.BeyondASCII: "WebKitGTK sends header fields in UTF-8"},
}

func TestPageHostKeepsTheContract(t *testing.T) {
	app := t.TempDir()
	if err := apphost.Build(t.Context(), "contract", app, bundle.Options{}); err != nil {
		t.Fatal(err)
	}
	keepsTheContract(t, app)
}

// TestPageHostKeepsTheContractInWorker checks that a program in a worker has the same host.
func TestPageHostKeepsTheContractInWorker(t *testing.T) {
	app := t.TempDir()
	if err := apphost.BuildInWorker(t.Context(), "contract", app, "check", bundle.Options{}); err != nil {
		t.Fatal(err)
	}
	keepsTheContract(t, app)
}

func keepsTheContract(t *testing.T, app string) {
	t.Helper()
	host := apphost.Serve(t, app)
	apphost.Remote(t, host, appID, hosttest.RemoteKey, hosttest.Remote(),
		remote.WithAllowedHeaders("X-Sent"), remote.WithExposedHeaders("X-Method", "X-Sent", "X-Body"))
	frame := chromium.Open(t, host.URL()).Iframe(host.AppURL())
	frame.Wait("the program", `globalThis.check`)
	for _, c := range append(hosttest.Cases(), hosttest.Results()...) {
		t.Run(c.Name, func(t *testing.T) {
			name, err := json.Marshal(c.Name)
			if err != nil {
				t.Fatal(err)
			}
			problem, reason := frame.String(`check(`+string(name)+`)`), differs[chromium.Engine][c.Name]
			switch {
			case reason == "" && problem != "":
				t.Error(problem)
			case reason != "" && problem == "":
				t.Errorf("it passes in %s, so remove the reason %q", chromium.Engine, reason)
			}
		})
	}
}
