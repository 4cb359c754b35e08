package e2e

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/test/harness/exampleapp"
)

// TestFrontEndWithHTTPClient does with each way what a user does, with the front end that sends its requests with
// http.Client over the bridge: it is built with the tag httpclient. The tests of its package taskshttp check that it sends
// the same requests and understands the same answers as the other front end.
func TestFrontEndWithHTTPClient(t *testing.T) {
	own := example
	app := exampleapp.Copy(t, example, "")
	write(t, filepath.Join(app, "forgego.yml"), fmt.Sprintf("realtime: off\nremotes:\n  tasks-api:\n    command: [%q]\n", remote))
	static, err := filepath.Rel(own, filepath.Join(app, "static"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bundle.Build(t.Context(), bundle.Options{
		Dir: own, Package: "./frontend", Out: filepath.ToSlash(static), Env: append(os.Environ(), "GOFLAGS=-tags=httpclient"),
	}); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]bool{own: false, app: true} {
		program, err := os.ReadFile(filepath.Join(dir, "static", bundle.Program))
		if err != nil {
			t.Fatal(err)
		}
		if got := bytes.Contains(program, []byte("bridge/bridgehttp.")); got != want {
			t.Fatalf("the program in %s has bridgehttp: %t", dir, got)
		}
	}

	example = app
	t.Cleanup(func() { example = own })
	for _, test := range []struct {
		name string
		run  func(t *testing.T)
	}{
		{"Tasks", TestTasksSurviveARestart},
		{"Direct", TestDirectRequestsOfTheExample},
	} {
		t.Run(test.name, test.run)
	}
}
