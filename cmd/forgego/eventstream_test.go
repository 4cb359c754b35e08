package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost"
)

// events starts forgego dev --events json on an app and returns the function that reads the next event of a type.
func startWithEvents(t *testing.T, dir string) (c *command, next func(kind devhost.EventType, status string) devhost.Event) {
	t.Helper()
	c = start(t, "", "dev", anyAddr, "--events", "json", dir)
	return c, func(kind devhost.EventType, status string) devhost.Event {
		t.Helper()
		for {
			line, err := c.stdout.ReadBytes('\n')
			if err != nil {
				t.Fatalf("no more events: %v", err)
			}
			var e devhost.Event
			if err := json.Unmarshal(line, &e); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			if e.Time.IsZero() {
				t.Errorf("%s has no time", line)
			}
			if e.Type == kind && (status == "" || e.Status == status) {
				return e
			}
		}
	}
}

func TestEventsAsJSON(t *testing.T) {
	t.Parallel()
	dir := goApp(t)
	c, next := startWithEvents(t, dir)
	next("build", "ok")
	if url := next("ready", "").Text; !strings.HasPrefix(url, "http://127.0.0.1:") {
		t.Errorf("the address is %q", url)
	}
	main := filepath.Join(dir, "frontend", "main.go")
	good, err := os.ReadFile(main)
	if err != nil {
		t.Fatal(err)
	}
	write(t, main, string(good)+"\nvar x int = \"<&>\"\n")
	e := next("problems", "")
	if len(e.Problems) != 1 || len(e.Problems[0].Places) != 1 || !strings.HasSuffix(e.Problems[0].Places[0].File, "main.go") || e.Problems[0].Places[0].Line == 0 {
		t.Errorf("the problems are %+v", e.Problems)
	}
	next("build", "failed")
	write(t, main, string(good))
	if e := next("problems", ""); len(e.Problems) != 0 {
		t.Errorf("the problems are still %+v", e.Problems)
	}
	if e := next("build", "ok"); e.Unit != "frontend" || e.Name != "main" {
		t.Errorf("got %+v", e)
	}
	c.stderr.Wait(t, "does not build")
	if err := c.stop(); err != nil {
		t.Fatal(err)
	}
	c.wait()
	rest, err := io.ReadAll(c.stdout)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(rest) {
		if !json.Valid(line) {
			t.Errorf("the output has the line %s", line)
		}
	}
}

// A reader that does not read loses events, and is told how many.
func TestSlowReader(t *testing.T) {
	from, to := io.Pipe()
	s := newEventStream(to)
	text := strings.Repeat("<", 1<<20)
	for range 20 {
		s.add(devhost.Event{Type: "log", Text: text})
	}
	if s.size > maxUnread {
		t.Errorf("the queue has %d bytes, want at most %d", s.size, maxUnread)
	}
	go s.close()
	got, lost := 0, 0
	for lines := bufio.NewReader(from); ; {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			t.Fatalf("after %d events and %d lost: %v", got, lost, err)
		}
		var e devhost.Event
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		if e.Type == eventLost {
			lost = e.Count
			break
		}
		got++
	}
	if got == 0 || lost == 0 || got+lost != 20 {
		t.Errorf("%d events arrived and %d were lost, want 20 together", got, lost)
	}
	<-s.done

	from.Close()
	gone := newEventStream(to)
	gone.add(devhost.Event{Type: "log"})
	<-gone.done
	gone.add(devhost.Event{Type: "log"}) // does not block
	gone.close()
}

// docs/events.md describes each field of an event, each type and each status.
func TestEventsAreDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "events.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range []reflect.Type{reflect.TypeFor[devhost.Event](), reflect.TypeFor[devhost.Problem](), reflect.TypeFor[devhost.Place]()} {
		for i := range of.NumField() {
			name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
			if !strings.Contains(string(text), "| `"+name+"` |") {
				t.Errorf("docs/events.md does not describe the field %q of %s", name, of)
			}
		}
	}
	for _, kind := range eventTypes(t) {
		if !strings.Contains(string(text), "| `"+kind+"` |") {
			t.Errorf("docs/events.md does not describe the type %q", kind)
		}
	}
}

// eventTypes returns the types that the sources declare.
func eventTypes(t *testing.T) (types []string) {
	t.Helper()
	for _, file := range []string{"../../devhost/event.go", "../../internal/devloop/event.go", "eventstream.go"} {
		text, err := os.ReadFile(filepath.FromSlash(file))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if _, value, ok := strings.Cut(strings.TrimSpace(line), "EventType = \""); ok && !strings.HasPrefix(strings.TrimSpace(line), "//") {
				types = append(types, strings.TrimSuffix(value, "\""))
			}
		}
	}
	if len(types) < 10 {
		t.Fatalf("the sources declare the types %v only", types)
	}
	return types
}
