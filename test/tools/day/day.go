//go:build linux

package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/harness/exampleapp"
)

//go:embed traffic.js
var traffic string

// ways are the ways of the example to send a request.
var ways = []string{"requestRemote", "invokeRemote", "direct"}

type config struct {
	duration time.Duration
	tasks    int
}

// day is the state of the day.
type day struct {
	config
	tb *tb

	root, forgego, remote, dir, data string
	addr, url                        string
	host                             *host
	log                              buffer

	app           exampleapp.App
	before, after memory
	recoveries    []recovery
	// added are the tasks that a person has added, and deleted those that were deleted.
	added, deleted []string
}

// recovery is how long it took until all ways worked again after something.
type recovery struct {
	what string
	took time.Duration
}

// buffer is the output of a command.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// prepare builds everything, starts the host and the browser, and opens the app.
func (d *day) prepare() {
	root, err := filepath.Abs("..")
	if err != nil {
		d.tb.Fatal(err)
	}
	d.root = root
	bin := d.tb.TempDir()
	d.forgego, d.remote, d.data = filepath.Join(bin, "forgego"), filepath.Join(bin, "remote"), d.tb.TempDir()
	example := filepath.Join(root, "examples", "custom-ui")
	d.build("go", "build", "-o", d.forgego, "./cmd/forgego")
	d.build("go", "build", "-o", d.remote, "./examples/custom-ui/remote")
	d.build(d.forgego, "build", example)
	d.dir = exampleapp.Copy(d.tb, example, "")
	d.write("forgego.yml", "remotes:\n  tasks-api:\n    command: ["+strconv.Quote(d.remote)+"]\n    watch: [again.txt]\n")
	d.write("again.txt", "")
	if d.addr, err = freePair(); err != nil {
		d.tb.Fatal(err)
	}
	d.startHost()
	d.tb.onEnd(func() error { d.host.end(syscall.SIGTERM); return nil })
	chromium, err := browser.StartWhole(context.Background(), browser.Chromium)
	if err != nil {
		d.tb.Fatal(err)
	}
	d.tb.onEnd(chromium.Close)
	d.app = exampleapp.Open(d.tb, chromium, d.url)
	d.app.Ready()
}

func (d *day) write(name, text string) {
	if err := os.WriteFile(filepath.Join(d.dir, name), []byte(text), 0o600); err != nil {
		d.tb.Fatal(err)
	}
}

// run plays the day.
func (d *day) run() {
	d.add("The first task")
	d.app.Eval(traffic, nil)
	d.before = d.measure()
	d.app.Eval(fmt.Sprintf(`void day.start(%d, %d)`, d.tasks, d.duration.Milliseconds()), nil)
	events := []struct {
		what string
		do   func()
	}{
		{"the host is restarted", func() { d.host.end(syscall.SIGINT); d.startHost() }},
		{"the host is killed", func() { d.host.end(syscall.SIGKILL); d.startHost() }},
		{"the host sleeps", d.sleep},
		{"the browser is offline", d.offline},
		{"the backend is killed", func() { d.killBackend(); d.write("again.txt", time.Now().String()) }},
		{"the tokens are revoked", func() { d.app.Page.Eval(`void document.getElementById("faults-revoke").click()`, nil) }},
		{"keys are held", d.holdKeys},
		{"a window is opened", d.openWindow},
	}
	// Everything happens at least twice in ten minutes, with time between for people.
	pause := min(d.duration/time.Duration(3*len(events)), 20*time.Second)
	end := time.Now().Add(d.duration)
	for i := 0; i < len(events) || time.Now().Before(end); i++ {
		e := events[i%len(events)]
		time.Sleep(pause)
		d.tb.Logf("%s", e.what)
		e.do()
		d.recover(e.what)
		d.add(fmt.Sprint("Task after ", e.what, " ", i))
	}
	d.app.Page.Until("all tasks", func(context.Context) (bool, error) {
		return d.app.String(`String(day.added.length >= day.tasks)`) == "true" || time.Now().Before(end.Add(-d.duration)), nil
	})
	d.app.Eval(`(day.running = false, day.ended.then(() => 0))`, nil)
	d.after = d.measure()
}

// add adds a task as a person does, by each way in turn.
func (d *day) add(name string) {
	way := ways[len(d.added)%len(ways)]
	d.app.Find("radio", way).Click()
	d.app.Find("textbox", "Task name").Fill(name)
	d.app.Page.Press(browser.Enter)
	d.app.Find("checkbox", name).WaitCount(1)
	d.added = append(d.added, name)
}

func (d *day) sleep() {
	_ = d.host.cmd.Process.Signal(syscall.SIGSTOP)
	time.Sleep(min(d.duration/30, 20*time.Second))
	_ = d.host.cmd.Process.Signal(syscall.SIGCONT)
}

func (d *day) offline() {
	d.app.Page.SetOffline(true)
	time.Sleep(min(d.duration/30, 20*time.Second))
	d.app.Page.SetOffline(false)
}

// holdKeys holds Enter on the button that deletes a task, after which the focus moves to the next one.
func (d *day) holdKeys() {
	name := fmt.Sprint("Task to delete ", len(d.deleted))
	d.add(name)
	d.app.Page.Press(browser.Tab) // The example ignores an Enter elsewhere that follows so soon, unless another key came between.
	d.app.Find("button", "Delete "+name).Call(`function () { this.focus() }`, nil)
	d.app.Page.HoldEnter(time.Time{}, 10, func() {})
	d.app.Find("checkbox", name).WaitCount(0)
	d.deleted = append(d.deleted, name)
}

// openWindow opens another window, in which the app must work too.
func (d *day) openWindow() {
	other := d.app.OpenAnother(d.url)
	other.Ready()
	other.Page.Close()
}

// recover waits until each way has worked again and the page says that it is connected, and notes how long that took.
func (d *day) recover(what string) {
	began := time.Now()
	d.app.Eval(`globalThis.since = performance.now(), 0`, nil)
	d.app.Wait("all ways to work after "+what, `globalThis.day && ["requestRemote", "invokeRemote", "direct"].every((way) => day.ways[way] > globalThis.since)`)
	d.app.Page.Wait("the bridge after "+what, `document.getElementById("traffic-state").textContent === "Connected"`)
	d.recoveries = append(d.recoveries, recovery{what, time.Since(began)})
}
