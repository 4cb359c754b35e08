package devloop

import (
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost"
)

func TestEarlyCallsAreProposedOnce(t *testing.T) {
	var notes []string
	events := 0
	l := &Loop{options: Options{Report: func(e devhost.Event) {
		if events++; e.Type == EventLog {
			notes = append(notes, e.Text)
		}
	}}}
	early := func(module, page string) devhost.Event {
		return devhost.Event{Type: devhost.EventEarly, Module: module, Name: page, Text: "getContext get:backend/notes"}
	}
	for _, e := range []devhost.Event{
		early("panel", "/main/"), early("panel", "/main/"), early("page", "/main/"),
		{Type: devhost.EventCall, Module: "other", Name: "getContext"},
	} {
		l.reportPage(e)
	}
	if len(notes) != 2 || events != 6 {
		t.Fatalf("%d events with the notes %q, want 6 with 2", events, notes)
	}
	for _, want := range []string{"module panel", `data-early="getContext get:backend/notes"`} {
		if !strings.Contains(notes[0], want) {
			t.Errorf("the note has no %s: %s", want, notes[0])
		}
	}
}
