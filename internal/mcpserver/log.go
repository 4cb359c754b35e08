package mcpserver

import (
	"cmp"
	"encoding/json"
	"strings"
	"sync"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/devloop"
)

// A Log keeps this many events and bytes of JSON. Older ones are dropped.
const (
	maxEvents = 10_000
	maxBytes  = 16 << 20
)

// Log keeps the latest events, and what they say about the units of the app. It is safe for concurrent use.
type Log struct {
	mu sync.Mutex
	// entries are the latest events. The first has the number first; the numbers begin at 1.
	entries []entry
	first   int
	size    int
	units   map[unitKey]*Unit
	isReady bool
	// added is closed when an event is added.
	added chan struct{}
}

type entry struct {
	event devhost.Event
	text  json.RawMessage
}

// Unit is a front end, a remote or a service.
type Unit struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	// Build and Run are the statuses of the last events about its build and its process.
	Build string `json:"build,omitempty"`
	Run   string `json:"run,omitempty"`
	// Address is where a remote or a service listens.
	Address string `json:"address,omitempty"`
	// BuildMilliseconds is how long the last build took.
	BuildMilliseconds float64 `json:"build_ms,omitempty"`
}

type unitKey struct{ kind, name string }

// NewLog returns an empty Log.
func NewLog() *Log { return &Log{first: 1, units: map[unitKey]*Unit{}, added: make(chan struct{})} }

// Add adds an event.
func (l *Log) Add(e devhost.Event) {
	if e.Type == devloop.EventReady {
		// The key in the address is for the user's browser only.
		e.Text, _, _ = strings.Cut(e.Text, "#")
	}
	text, err := json.Marshal(e)
	if err != nil {
		return // Its raw JSON has been decoded from JSON, so this does not happen.
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.note(e)
	l.entries = append(l.entries, entry{e, text})
	l.size += len(text)
	drop := 0
	for ; len(l.entries)-drop > maxEvents || l.size > maxBytes; drop++ {
		l.size -= len(l.entries[drop].text)
		l.entries[drop] = entry{}
	}
	l.entries, l.first = l.entries[drop:], l.first+drop
	close(l.added)
	l.added = make(chan struct{})
}

// note remembers what an event says about a unit.
func (l *Log) note(e devhost.Event) {
	if e.Type == devloop.EventReady {
		l.isReady = true
	}
	if e.Unit == "" || e.Type != devloop.EventBuild && e.Type != devloop.EventBackend {
		return
	}
	key := unitKey{e.Unit, e.Name}
	u := l.units[key]
	if u == nil {
		u = &Unit{Kind: e.Unit, Name: e.Name}
		l.units[key] = u
	}
	if e.Type == devloop.EventBuild {
		u.Build = e.Status
		u.BuildMilliseconds = cmp.Or(e.Milliseconds, u.BuildMilliseconds)
		return
	}
	if u.Run = e.Status; e.Status == "ready" {
		u.Address = e.Text
	}
	if e.Status == "stopped" { // It is no longer in the app's files.
		delete(l.units, key)
	}
}

// state returns what the events say about the app, and the number of the last event.
func (l *Log) state() (units []Unit, isReady bool, last int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	units = []Unit{}
	for _, u := range l.units {
		units = append(units, *u)
	}
	return units, l.isReady, l.first + len(l.entries) - 1
}

// selection is a part of the events.
type selection struct {
	events []json.RawMessage
	// last is the number of the last event that was looked at, and missed how many were dropped before.
	last, missed int
	// more says that there are further events.
	more bool
}

// after returns the events after the one with a number, at most limit, and a channel that is closed at the next event.
func (l *Log) after(number, limit int, match func(devhost.Event) bool) (s selection, added <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s.events = []json.RawMessage{}
	s.missed = max(0, l.first-1-number)
	begin := min(max(0, number+1-l.first), len(l.entries))
	size := 0
	s.last = l.first + begin - 1
	for i, e := range l.entries[begin:] {
		if match(e.event) {
			// A client may not accept a large answer.
			if size += len(e.text); len(s.events) == limit || size > maxAnswer && len(s.events) > 0 {
				s.more = true
				break
			}
			s.events = append(s.events, e.text)
		}
		s.last = l.first + begin + i
	}
	return s, l.added
}
