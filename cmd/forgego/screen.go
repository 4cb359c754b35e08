package main

import (
	"fmt"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/devloop"
)

// screen prints the events of forgego dev for people: a line for each, with its time. Further lines, such as a compiler's,
// are printed as they are, so that terminals and editors recognise the places in them.
type screen struct {
	console
	// failuresEnd is set if a failure ends the command, which prints the error then.
	failuresEnd bool
}

func (s *screen) print(e devhost.Event) {
	if s.failuresEnd && e.Status == "failed" && (e.Type == devloop.EventBuild || e.Type == devloop.EventBackend) {
		return
	}
	text := ""
	switch e.Type {
	case devloop.EventReady:
		// Scripts wait for this line. It is the only one on standard output.
		fmt.Fprintf(s.out, "ready: %s\n", e.Text)
		return
	case devloop.EventBuild:
		text = buildText(e)
	case devloop.EventBackend:
		text = backendText(e)
	case devloop.EventConfig:
		text = e.Name + ": read again"
		if e.Status == "failed" {
			text = e.Name + ": not valid, so the app runs as it was before\n" + e.Text
		}
	case devloop.EventReload:
		text = reloadText(e)
	case devhost.EventPageError:
		text = "page: " + e.Text
		if e.Count > 1 {
			text = fmt.Sprintf("page, %d times: %s", e.Count, e.Text)
		}
	case devhost.EventRequest:
		if e.Status == "failed" {
			text = fmt.Sprintf("%s: %s: %s", e.Name, e.Request, e.Text)
		}
	case devloop.EventLog:
		text = e.Text
	}
	if text != "" {
		s.say("%s %s", e.Time.Format("15:04:05"), text)
	}
}

func backendText(e devhost.Event) string {
	switch e.Status {
	case "starting":
		return e.Name + ": starting " + e.Text
	case "ready":
		return e.Name + ": ready at " + e.Text + duration(e)
	case "stopped":
		return e.Name + ": stopped"
	}
	return e.Text
}

func buildText(e devhost.Event) string {
	switch e.Status {
	case "started":
		return e.Name + ": building " + e.Text
	case "ok":
		return e.Name + ": built" + duration(e) + ", " + e.Text
	case "failed":
		return e.Name + ": does not build\n" + e.Text
	}
	return "" // A newer build has begun.
}

func reloadText(e devhost.Event) string {
	what := map[string]string{
		string(devhost.StyleSheets): "style sheets exchanged", string(devhost.AppPage): "app reloaded", string(devhost.ProductPage): "page reloaded",
	}[e.Status]
	if e.Name != "" {
		return e.Name + ": " + what
	}
	return what
}

func duration(e devhost.Event) string {
	if e.Milliseconds < 1000 {
		return fmt.Sprintf(" in %.0f ms", e.Milliseconds)
	}
	return fmt.Sprintf(" in %.1f s", e.Milliseconds/1000)
}
