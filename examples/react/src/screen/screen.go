// Package screen is the screen of the Tasks page for React: it turns the page's state into values that cross into JavaScript.
// It does not touch the document, so plain "go test" runs it.
package screen

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"sync"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// View is what the page shows.
type View struct {
	Texts Texts `json:"texts"`
	// Status describes the last event; it is empty after a failure.
	Status string `json:"status"`
	// Summary counts the tasks that are done; it is empty if there are no tasks.
	Summary string `json:"summary"`
	// Loading is set while the tasks are loaded for the first time, and Loaded once they are there.
	Loading bool `json:"loading"`
	Loaded  bool `json:"loaded"`
	// Live says whether the list shows the changes of others at once, and LiveText says it in words.
	Live     Live   `json:"live"`
	LiveText string `json:"liveText"`
	// DirectNote explains why direct requests do not work, or is empty.
	DirectNote string `json:"directNote"`
	Way        Way    `json:"way"`
	Name       Name   `json:"name"`
	// Rows are the tasks in their order, and Failures the messages about what failed, the oldest first.
	Rows     []Row     `json:"rows"`
	Failures []Failure `json:"failures"`
	// Focus is the new place of the keyboard focus, if it must move.
	Focus *Place `json:"focus,omitempty"`
}

// Texts are the texts that do not change.
type Texts struct {
	Title string `json:"title"`
	Name  string `json:"name"`
	Add   string `json:"add"`
	Ways  string `json:"ways"`
	Empty string `json:"empty"`
}

// Name is the field for a new task's name.
type Name struct {
	Text string `json:"text"`
	// Problem says what is wrong with the text, or is empty.
	Problem string `json:"problem"`
	// Adding is set while the text is being sent.
	Adding bool `json:"adding"`
}

// Row is a task in the list.
type Row struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Done bool   `json:"done"`
	// Busy is set while a change of the task is in progress.
	Busy bool `json:"busy"`
	// File is the name of the task's file, or empty.
	File string `json:"file"`
	// Delete is the name of the button that deletes the task.
	Delete string `json:"delete"`
}

// Failure is a message about what failed.
type Failure struct {
	// Number is another for each message.
	Number int `json:"number"`
	// Subject names the message for Retry and Dismiss.
	Subject string `json:"subject"`
	Text    string `json:"text"`
	// Retry and Dismiss are the texts of the buttons. A button without a text is missing.
	Retry   string `json:"retry"`
	Dismiss string `json:"dismiss"`
	// Trying is set while a retry is in progress.
	Trying bool `json:"trying"`
}

// Place is a part of the page that has, or should get, the keyboard focus.
type Place struct {
	Part Part `json:"part"`
	// Of is the row's task, or the message's subject.
	Of string `json:"of"`
}

// Part is a kind of place.
type Part string

// The parts of the page. Other is any other part, and None means that no control has the focus.
const (
	None     Part = "none"
	Other    Part = "other"
	Form     Part = "form"
	Item     Part = "row"
	Checkbox Part = "checkbox"
	Delete   Part = "delete"
	Message  Part = "failure"
)

// Live says how the list is kept current.
type Live string

// The values of Live.
const (
	Off          Live = "off"
	Reconnecting Live = "reconnecting"
	On           Live = "on"
)

// Way is one of the three ways to the backend.
type Way string

// The ways, by the names of Atlassian's documentation.
const (
	RequestRemote Way = "requestRemote"
	InvokeRemote  Way = "invokeRemote"
	Direct        Way = "direct"
)

// Tasks returns the way as package tasks names it.
func (w Way) Tasks() tasks.Way {
	for _, way := range []tasks.Way{tasks.InvokeRemote, tasks.Direct} {
		if way.String() == string(w) {
			return way
		}
	}
	return tasks.RequestRemote
}

// Screen shows the page to React. It is a [tasks.Screen]. Its methods are safe for concurrent use.
type Screen struct {
	tasks.Drafts

	mu      sync.Mutex
	latest  *View
	focused tasks.Place
	// changed has a value if latest was not yet shown.
	changed chan struct{}
}

// New returns a screen that keeps drafts in d.
func New(d tasks.Drafts) *Screen { return &Screen{Drafts: d, changed: make(chan struct{}, 1)} }

// Views returns the view now, and whenever it changes, until ctx ends. States that follow each other quickly become one view.
// Call it once at a time.
func (s *Screen) Views(ctx context.Context) iter.Seq2[View, error] {
	return func(yield func(View, error) bool) {
		s.signal() // whoever looked before may have gone without the last view
		for {
			select {
			case <-s.changed:
			case <-ctx.Done():
				yield(View{}, context.Cause(ctx))
				return
			}
			s.mu.Lock()
			var view *View
			if s.latest != nil {
				now := *s.latest
				view = &now
				s.latest.Focus = nil
			}
			s.mu.Unlock()
			if view != nil && !yield(*view, nil) {
				return
			}
		}
	}
}

func (s *Screen) signal() {
	select {
	case s.changed <- struct{}{}:
	default: // It is to be shown already.
	}
}

// Show shows a state.
func (s *Screen) Show(state tasks.State) {
	view := viewOf(state)
	s.mu.Lock()
	defer s.mu.Unlock()
	// A move of the focus must not get lost with a view that nobody saw.
	if view.Focus == nil && s.latest != nil {
		view.Focus = s.latest.Focus
	}
	s.latest = &view
	s.signal()
}

// SetFocused says where the keyboard focus is.
func (s *Screen) SetFocused(p Place) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.focused = tasks.Place{Part: parts[p.Part], Of: p.Of}
}

// Focused returns the place of the keyboard focus.
func (s *Screen) Focused() tasks.Place {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.focused
}

// Save is not called: this page has no files to download.
func (*Screen) Save(string, []byte) error { return errors.ErrUnsupported }

// parts are the parts of package tasks.
var parts = map[Part]tasks.Part{
	None: tasks.NoPart, Other: tasks.OtherPart, Form: tasks.FormPart, Item: tasks.RowPart, Checkbox: tasks.CheckboxPart,
	Delete: tasks.DeletePart, Message: tasks.FailurePart,
}

func viewOf(s tasks.State) View {
	text := func(key string) string { return s.Words.Text(key) }
	v := View{
		Texts: Texts{
			Title: text("page.title"), Name: text("name.label"), Add: text("add.button"), Ways: text("ways.legend"), Empty: text("page.empty"),
		},
		Status: s.Status, Summary: s.Words.Summary(s), Loading: s.Loading, Loaded: s.Loaded,
		Live: [...]Live{Off, Reconnecting, On}[s.Live], LiveText: s.Words.Live(s.Live), DirectNote: s.DirectNote,
		Way: Way(s.Way.String()), Name: Name{s.Field.Text, s.Field.Problem, s.Field.Adding},
		Rows: []Row{}, Failures: []Failure{},
	}
	for _, r := range s.Rows {
		v.Rows = append(v.Rows, Row{
			ID: r.Task.ID, Name: r.Task.Name, Done: r.Done, Busy: !r.IsIdle(), File: r.Task.File.Name,
			Delete: s.Words.Text("row.delete", "name", r.Task.Name),
		})
	}
	for _, f := range s.Failures {
		failure := Failure{Number: f.Number, Subject: f.Subject, Text: f.Text, Trying: f.Trying}
		if f.CanRetry {
			failure.Retry = cmp.Or(f.RetryText, text("failure.retry"))
		}
		if f.CanDismiss {
			failure.Dismiss = cmp.Or(f.DismissText, text("failure.dismiss"))
		}
		v.Failures = append(v.Failures, failure)
	}
	for part, of := range parts {
		if of == s.Focus.Part && of > tasks.OtherPart {
			v.Focus = &Place{part, s.Focus.Of}
		}
	}
	return v
}
