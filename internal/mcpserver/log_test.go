package mcpserver

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost"
)

func all(devhost.Event) bool { return true }

func TestLogAfter(t *testing.T) {
	l := NewLog()
	for _, kind := range []devhost.EventType{"log", "build", "log", "call", "log"} {
		l.Add(devhost.Event{Type: kind})
	}
	logs := func(e devhost.Event) bool { return e.Type == "log" }
	for _, c := range []struct {
		name                string
		number, limit       int
		match               func(devhost.Event) bool
		count, last, missed int
		more                bool
	}{
		{"all", 0, 10, all, 5, 5, 0, false},
		{"after a number", 3, 10, all, 2, 5, 0, false},
		{"after the last", 5, 10, all, 0, 5, 0, false},
		{"after a number to come", 50, 10, all, 0, 5, 0, false},
		{"before the first", -7, 10, all, 5, 5, 7, false},
		{"as many as the limit", 0, 2, all, 2, 2, 0, true},
		{"of a type", 0, 10, logs, 3, 5, 0, false},
		{"of a type, to the limit", 0, 2, logs, 2, 4, 0, true},
	} {
		s, _ := l.after(c.number, c.limit, c.match)
		if len(s.events) != c.count || s.last != c.last || s.more != c.more || s.missed != c.missed && c.number >= 0 {
			t.Errorf("%s: %d events, last %d, more %v, missed %d; want %+v", c.name, len(s.events), s.last, s.more, s.missed, c)
		}
	}
}

func TestLogDropsOldEvents(t *testing.T) {
	l := NewLog()
	for range maxEvents + 10 {
		l.Add(devhost.Event{Type: "log"})
	}
	if s, _ := l.after(5, 1, all); len(l.entries) != maxEvents || s.missed != 5 || s.last != 11 {
		t.Errorf("%d events are kept; %d were missed up to %d", len(l.entries), s.missed, s.last)
	}
	large := json.RawMessage(`"` + strings.Repeat("x", 1<<20) + `"`)
	for range 40 {
		l.Add(devhost.Event{Type: "call", Payload: large})
	}
	if l.size > maxBytes || len(l.entries) == 0 {
		t.Errorf("%d events with %d bytes are kept", len(l.entries), l.size)
	}
	if s, _ := l.after(0, 10, all); len(s.events) != 1 || !s.more {
		t.Errorf("one answer has %d large events, want one", len(s.events))
	}
}

func TestLogUnits(t *testing.T) {
	l := NewLog()
	for _, e := range []devhost.Event{
		{Type: "build", Unit: "remote", Name: "api", Status: "ok", Milliseconds: 12},
		{Type: "backend", Unit: "remote", Name: "api", Status: "ready", Text: "http://127.0.0.1:1"},
		{Type: "build", Unit: "remote", Name: "api", Status: "started"},
		{Type: "request", Unit: "remote", Name: "api", Status: "200"},
		{Type: "backend", Unit: "service", Name: "gone", Status: "ready"},
		{Type: "backend", Unit: "service", Name: "gone", Status: "stopped"},
		{Type: "ready", Text: "http://127.0.0.1:2/#key=abc"},
	} {
		l.Add(e)
	}
	units, isReady, last := l.state()
	want := Unit{Kind: "remote", Name: "api", Build: "started", Run: "ready", Address: "http://127.0.0.1:1", BuildMilliseconds: 12}
	if len(units) != 1 || units[0] != want || !isReady || last != 7 {
		t.Errorf("got %+v, %v, %d", units, isReady, last)
	}
	if s, _ := l.after(6, 1, all); strings.Contains(string(s.events[0]), "abc") {
		t.Errorf("the event has the page's key: %s", s.events[0])
	}
}
