package e2e

import (
	"fmt"
	"math/rand/v2"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/harness/exampleapp"
)

// day is the example whose backend forgego starts itself, on an address that stays the same.
type day struct {
	*host
	t         *testing.T
	env       []string
	dir, addr string
}

// newDay starts everything. args are more arguments for the command.
func newDay(t *testing.T, args ...string) *day {
	t.Helper()
	d := &day{t: t, dir: exampleapp.Copy(t, example, ""), addr: freePair(t)}
	write(t, filepath.Join(d.dir, "forgego.yml"), "remotes:\n  tasks-api:\n    command: ["+strconv.Quote(remote)+"]\n")
	d.env = []string{"TASKS_DB=" + filepath.Join(t.TempDir(), "tasks.db")}
	d.start(args...)
	return d
}

// start starts the command, again at the same address.
func (d *day) start(args ...string) {
	d.t.Helper()
	p := start(d.t, d.env, forgego, append(append([]string{"dev", "--addr", d.addr}, args...), d.dir)...)
	d.host = &host{p, p.wait(d.t, `(?m)^ready: (http://127\.0\.0\.1:\d+/)$`)}
}

// freePair returns an address that is free, and so is the next port. While nothing listens there, no other connection may
// take them, so they are below the ports that systems choose.
func freePair(t *testing.T) string {
	t.Helper()
	for range 100 {
		port := 26000 + 2*rand.IntN(3000)
		first, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		next, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port+1))
		first.Close()
		if err == nil {
			next.Close()
			return first.Addr().String()
		}
	}
	t.Fatal("there are no two free ports in a row")
	return ""
}

// bridgeSays waits until the title of the panel "Bridge" says something.
func (a app) bridgeSays(text string) {
	a.Page.Wait("Bridge to say "+text, fmt.Sprintf(`document.getElementById("traffic-state").textContent.startsWith(%q)`, text))
}

// lastResult waits until the newest failed line of a command in the panel says something.
func (a app) lastResult(command, text string) {
	a.Page.Wait(command+" to say "+text, fmt.Sprintf(
		`[...document.querySelectorAll("#traffic-list summary")].findLast((line) => line.querySelector(".command").textContent === %q)?.querySelector(".result").textContent.includes(%q)`, command, text))
}

// TestRestartKeepsThePage checks that a page goes on as it is when forgego is started again, after Ctrl-C and after a kill.
func TestRestartKeepsThePage(t *testing.T) {
	for _, how := range []string{"interrupted", "killed"} {
		t.Run(how, func(t *testing.T) {
			d := newDay(t)
			a := d.open(t)
			a.Ready()
			for _, way := range []string{"requestRemote", "invokeRemote", "direct"} {
				a.Add("Before by "+way, way)
			}
			a.Find("textbox", "Task name").Fill("Half typed")
			for _, f := range []string{"app", "page"} {
				frame := a.Frame
				if f == "page" {
					frame = a.Page.Frame
				}
				frame.Eval(`globalThis.same = true`, nil)
			}
			if how == "killed" {
				_ = d.cmd.Process.Kill()
				<-d.exited
			} else {
				d.stop(t)
			}
			a.bridgeSays("The local host does not answer. Is forgego still running?")
			d.start()
			a.bridgeSays("Connected")
			if got := a.Find("textbox", "Task name").Value(); got != "Half typed" {
				t.Errorf("the field has %q", got)
			}
			for _, way := range []string{"requestRemote", "invokeRemote", "direct"} {
				a.Add("After by "+way, way)
			}
			if got := a.String(`String(globalThis.same)`) + a.Page.String(`String(globalThis.same)`); got != "truetrue" {
				t.Error("a page was loaded again")
			}
			if got := a.Tasks(); len(got) != 6 {
				t.Errorf("the tasks are %q", got)
			}
		})
	}
}

// TestRestartWithOtherPorts checks that a page whose ports are in use after a restart loads itself again, keeps what was
// typed, and says why.
func TestRestartWithOtherPorts(t *testing.T) {
	d := newDay(t)
	a := d.open(t)
	a.Ready()
	a.Find("textbox", "Task name").Fill("Half typed")
	appPort := strings.TrimPrefix(apphost.AppOrigin(t, d.url), "http://")
	d.stop(t)
	taken, err := net.Listen("tcp", appPort)
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	d.start()
	a.Page.Wait("the notice", `document.getElementById("notice").innerText.includes("The local host was restarted, so this page was loaded again.")`)
	a = app{exampleapp.App{Frame: a.Page.Iframe(apphost.AppOrigin(t, d.url)), Page: a.Page}}
	a.Ready()
	a.Wait("what was typed", `document.getElementById("name").value === "Half typed"`)
	a.Find("button", "Add task").Click()
	a.Says("Added “Half typed” by requestRemote")
	a.bridgeSays("Connected")
}

// TestRevokedTokens checks that no request of the page fails after the signing key has changed.
func TestRevokedTokens(t *testing.T) {
	d := newDay(t)
	a := d.open(t)
	a.Ready()
	a.Add("Before", "requestRemote")
	a.Page.Eval(`void document.getElementById("faults-revoke").click()`, nil)
	a.Page.Wait("the new key", `document.getElementById("faults-state").textContent.startsWith("The signing key has changed.")`)
	a.Add("After", "requestRemote")
	// The page also loads the list by itself, so it need not be the newest line.
	a.Page.Wait("a request that was sent again", `[...document.querySelectorAll("#traffic-list .result")].some((result) => result.textContent.includes("sent again with a new token after 401"))`)
}

// TestBridgeSaysWhatIsWrong checks that the page tells the reasons apart for which a call gets no answer.
func TestBridgeSaysWhatIsWrong(t *testing.T) {
	chromium.NotIn(t, browser.WebKit, "its driver cannot take the network from a page")
	d := newDay(t)
	a := d.open(t)
	a.Ready()
	a.bridgeSays("Connected")
	call := func(way string) {
		t.Helper()
		a.Find("radio", way).Click()
		a.Find("textbox", "Task name").Fill("Never")
		a.Find("button", "Add task").Click()
	}

	a.Page.SetOffline(true)
	a.bridgeSays("Connected, but this browser is offline")
	call("requestRemote")
	a.lastResult("fetchRemote", "This browser is offline.")
	call("invokeRemote")
	a.lastResult("invoke", "This browser is offline.")
	a.Page.SetOffline(false)
	a.bridgeSays("Connected")
	a.Page.Wait("no word about the network", `document.getElementById("traffic-state").textContent === "Connected"`)

	d.stop(t)
	a.bridgeSays("The local host does not answer. Is forgego still running?")
	call("invokeRemote")
	a.lastResult("invoke", "The local host does not answer. Is forgego still running?")

	write(t, filepath.Join(d.dir, "forgego.yml"), "remotes:\n  tasks-api:\n    command: [\"false\"]\n")
	d.start()
	a.bridgeSays("Connected")
	call("requestRemote")
	a.lastResult("fetchRemote", "tasks-api")
	call("invokeRemote")
	a.lastResult("invoke", "Invalid response from remote - remote network error")
}
