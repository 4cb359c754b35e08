package tasks

import (
	"context"
	"encoding/json"

	"github.com/forgego/forgego/bridge/modal"
)

// Opened is the data that the list passes to the dialog that it opens. The page in the dialog finds it in its context.
type Opened struct {
	// Task is the id of the task whose details to show.
	Task string `json:"task"`
	// Way is the way to send requests.
	Way Way `json:"way"`
}

// OpenDetails opens a dialog with a task's details, where the same program shows [Details]. It returns when the dialog is
// open.
func (p *Page) OpenDetails(ctx context.Context, id string) {
	var t Task
	var opened *Opened
	p.update(func(s *State) {
		if r := s.row(id); r != nil && !p.isOpen {
			p.isOpen = true
			s.setTrying(id)
			t, opened = r.Task, &Opened{id, s.Way}
		}
	})
	if opened == nil {
		return
	}
	err := modal.Modal{
		Title:   p.words.Text("details.title"),
		Size:    modal.Medium,
		Context: opened,
		OnClose: func(value json.RawMessage) { p.detailsClosed(t, value) },
	}.Open(ctx)
	p.update(func(s *State) {
		if err != nil {
			p.isOpen = false
			name := p.words.quoted(t.Name)
			p.failed(ctx, s, id, p.words.Text("details.opening", "name", name, "reason", p.words.reason(err)),
				func(ctx context.Context) { p.OpenDetails(ctx, id) })
			return
		}
		p.clear(s, id)
	})
}

// detailsClosed shows the change that was made in the dialog. value is the task, or nil if it was not changed.
func (p *Page) detailsClosed(was Task, value json.RawMessage) {
	var now Task
	isChanged := json.Unmarshal(value, &now) == nil && now.ID == was.ID && now.Name != was.Name
	p.update(func(s *State) {
		p.isOpen = false
		if isChanged {
			s.Status = p.words.Text("details.renamed", "old", p.words.quoted(was.Name), "name", p.words.quoted(now.Name))
			// Otherwise the backend sends an event.
			if !p.board.following {
				p.board.event(change{Kind: kindChanged, Task: now})
			}
		}
		s.Focus = Place{Part: FormPart}
		if s.row(was.ID) != nil {
			s.Focus = Place{DetailsPart, was.ID}
		}
	})
	if isChanged {
		p.newsAbout()
	}
}
