package main

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/devloop"
	"github.com/forgego/forgego/internal/terminal"
)

const (
	// slow is how long a build or a start may take before the screen says that it runs.
	slow = time.Second
	// reloadHold is how long the screen waits for a reload after a build. It then prints one line for both.
	reloadHold = 150 * time.Millisecond
)

// screen prints the events of an app for people: a line for each that is news, with its time. The further lines of a text,
// such as a compiler's, are printed without it, so that terminals and editors recognise the places in them.
type screen struct {
	console
	// failuresEnd is set if a failure ends the command, which prints the error then.
	failuresEnd bool
	// ready prints the address.
	ready func(url string)

	mu    sync.Mutex
	width int // of the widest name so far
	units map[string]*unitLine
	said  map[string]*repeated
	// closed is set when nothing may be printed any more.
	closed bool
}

// unitLine is what the screen knows about a front end, a remote or a service.
type unitLine struct {
	// timer prints what waits.
	timer *time.Timer
	// built is the text about a build that has not been printed yet.
	built string
	// shown is set when the sizes of a build, or the address of a backend, have been printed.
	shown string
}

func newScreen(c console, failuresEnd bool, ready func(string)) *screen {
	return &screen{console: c, failuresEnd: failuresEnd, ready: ready, units: map[string]*unitLine{}, said: map[string]*repeated{}}
}

// print prints an event. It is safe for concurrent use.
func (s *screen) print(e devhost.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.Unit != "" {
		s.width = max(s.width, terminal.Width(e.Name))
	}
	switch e.Type {
	case devloop.EventReady:
		s.ready(e.Text)
	case devloop.EventBuild:
		s.printBuild(e)
	case devloop.EventBackend:
		s.printBackend(e)
	case devloop.EventConfig:
		if e.Status == "failed" {
			s.line(e.Name, terminal.Red, "not valid, so the app runs as it was before\n"+e.Text)
		} else {
			s.line(e.Name, "", "read again")
		}
	case devloop.EventReload:
		s.printReload(e)
	case devhost.EventPageError:
		s.repeat("page", e.Text, max(e.Count, 1))
	case devhost.EventRequest:
		if e.Status == "failed" {
			s.repeat(e.Name, shorten(e.Request, 60)+": "+e.Text, 1)
		}
	case devhost.EventTunnel:
		style := terminal.Green
		if e.Status == "failed" {
			style = "" // The files are shown instead, so nothing is wrong.
		}
		s.line(e.Name, style, e.Text)
	case devloop.EventLog:
		s.line("", "", e.Text)
	}
}

// close stops all further lines. They would only be noise while the command stops.
func (s *screen) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
}

func (s *screen) unit(kind, name string) *unitLine {
	id := kind + " " + name
	u := s.units[id]
	if u == nil {
		u = &unitLine{}
		s.units[id] = u
	}
	return u
}

// after runs f after a delay, unless the unit's next event comes first.
func (s *screen) after(u *unitLine, delay time.Duration, f func()) {
	s.stop(u)
	var timer *time.Timer
	timer = time.AfterFunc(delay, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if u.timer == timer {
			u.timer = nil
			f()
		}
	})
	u.timer = timer
}

func (s *screen) stop(u *unitLine) {
	if u.timer != nil {
		u.timer.Stop()
		u.timer = nil
	}
}

func (s *screen) printBuild(e devhost.Event) {
	u := s.unit(e.Unit, e.Name)
	s.stop(u)
	u.built = ""
	switch e.Status {
	case "started":
		s.after(u, slow, func() { s.line(e.Name, terminal.Dim, "building "+e.Text) })
	case "failed":
		if !s.failuresEnd {
			s.line(e.Name, terminal.Red, "does not build\n"+e.Text)
		}
	case "ok":
		u.built = "built in " + duration(e.Milliseconds)
		if e.Unit == "frontend" {
			if u.shown == "" || e.Text == "nothing changed" {
				u.built += ", " + e.Text
			}
			u.shown = e.Text
			s.after(u, reloadHold, func() { s.printBuilt(e.Name, u, "") })
		} else {
			s.after(u, slow, func() { s.printBuilt(e.Name, u, ", starts") })
		}
	}
}

func (s *screen) printBuilt(name string, u *unitLine, more string) {
	s.line(name, terminal.Green, u.built+more)
	u.built = ""
}

func (s *screen) printReload(e devhost.Event) {
	text := map[string]string{
		string(devhost.StyleSheets): "style sheets exchanged", string(devhost.AppPage): "reloaded", string(devhost.ProductPage): "page reloaded",
	}[e.Status]
	if e.Text != "" { // no page is open
		return
	}
	if u := s.unit("frontend", e.Name); u.built != "" {
		s.stop(u)
		s.printBuilt(e.Name, u, ", "+text)
		return
	}
	s.line(e.Name, terminal.Green, text)
}

func (s *screen) printBackend(e devhost.Event) {
	u := s.unit(e.Unit, e.Name)
	switch e.Status {
	case "starting":
		if u.built == "" {
			s.after(u, slow, func() { s.line(e.Name, terminal.Dim, "starting "+e.Text) })
		}
		return
	case "ready":
		text := "ready at " + e.Text + " in " + duration(e.Milliseconds)
		if e.Unit == "functions" { // Nobody calls them but forgego.
			text = "ready in " + duration(e.Milliseconds)
		}
		if u.shown == e.Text {
			text = "restarted in " + duration(e.Milliseconds)
		}
		u.shown = e.Text
		if u.built != "" {
			text = u.built + ", " + text
		}
		s.line(e.Name, terminal.Green, text)
	case "stopped":
		s.line(e.Name, "", "stopped")
	case "failed":
		if !s.failuresEnd {
			s.line(e.Name, terminal.Red, e.Text)
		}
	}
	s.stop(u)
	u.built = ""
}

// line prints a line about a unit, a file or the page. If name is empty, it is forgego's own.
func (s *screen) line(name string, style terminal.Style, text string) {
	if s.closed {
		return
	}
	first, rest, more := strings.Cut(printable(text), "\n")
	if style != "" {
		first = s.paint.Paint(style, first)
	}
	if name == "" {
		name = "forgego"
	}
	name = terminal.Printable(name)
	s.width = max(s.width, terminal.Width(name))
	first = s.paint.Paint(terminal.Dim, time.Now().Format(time.TimeOnly)) + "  " +
		s.paint.Paint(terminal.Bold, name) + strings.Repeat(" ", s.width-terminal.Width(name)) + "  " + first
	if more {
		first += "\n" + rest
	}
	s.say("%s", first)
}

// printable replaces what could control the terminal, in each line.
func printable(text string) string {
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), "\n")
	for i, line := range lines {
		lines[i] = terminal.Printable(line)
	}
	return strings.Join(lines, "\n")
}

// shorten returns at most n characters of the first line of a text.
func shorten(text string, n int) string {
	text, _, more := strings.Cut(text, "\n")
	if runes := []rune(text); len(runes) > n {
		text, more = string(runes[:n-1]), true
	}
	if more {
		text += "…"
	}
	return text
}

func duration(milliseconds float64) string {
	if milliseconds < 100 {
		return fmt.Sprintf("%.0f ms", milliseconds)
	}
	return fmt.Sprintf("%.2f s", milliseconds/1000)
}
