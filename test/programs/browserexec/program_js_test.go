// Package program is a test binary for the tests of browserexec. Each of its tests ends in a different way.
package program

import (
	"fmt"
	"os"
	"strings"
	"syscall/js"
	"testing"

	"github.com/forgego/forgego/bridge"
)

func TestPass(t *testing.T) { t.Log("it passes") }

func TestFail(t *testing.T) { t.Error("it fails") }

func TestPanic(*testing.T) { panic("it panics") }

func TestExit(*testing.T) { os.Exit(3) }

// TestHang never releases the page's thread, so its own timeout cannot fire either.
func TestHang(*testing.T) {
	for n := 0; ; n++ {
		if n < 0 {
			return
		}
	}
}

func TestSleep(*testing.T) { select {} }

func TestLeave(*testing.T) {
	js.Global().Get("location").Set("href", "about:blank")
	select {}
}

// TestOutput writes a lot of output, in pieces that end inside characters, without a newline at the end.
func TestOutput(*testing.T) {
	for i := range 2000 {
		line := fmt.Sprintf("line %d: grüße, 世界\n", i)
		for len(line) > 0 {
			n := min(7, len(line))
			os.Stdout.WriteString(line[:n])
			line = line[n:]
		}
	}
	os.Stderr.WriteString("to standard error\n")
	os.Stdout.WriteString(strings.Repeat("x", 100000) + "the last words")
	os.Exit(0)
}

// TestBridge checks that this project's shim loads the program, and that a test can define a host in the page.
func TestBridge(t *testing.T) {
	js.Global().Call("eval", `globalThis.__bridge = {
		callBridge: async (command, payload) => ({ status: 200, headers: {}, body: command + " " + payload.remoteKey }),
	}`)
	response, err := bridge.RequestRemote(t.Context(), "key", bridge.Request{Path: "/"})
	if err != nil {
		t.Fatal(err)
	}
	if text, err := response.Text(); err != nil || text != "fetchRemote key" {
		t.Errorf("the host answered %q, %v", text, err)
	}
}

func TestConsole(*testing.T) { js.Global().Get("console").Call("warn", "said to the console") }
