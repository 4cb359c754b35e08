package tasks

import "context"

// Edit stores the text that the user has typed. A message about the text disappears as soon as the text is valid.
func (p *Page) Edit(text string) {
	p.update(func(s *State) {
		s.Field.Text = text
		if _, problem := p.words.cleanName(text); problem == "" {
			s.Field.Problem = ""
		}
	})
}

// Add adds a task with this name. The text stays in the field until the task has been added.
func (p *Page) Add(ctx context.Context, text string) {
	var (
		backend   *api
		name, key string
		mark      int
	)
	p.update(func(s *State) {
		if s.Field.Adding || !s.Loaded {
			return
		}
		s.Field.Text = text
		var problem string
		name, problem = p.words.cleanName(text)
		s.complain(problem)
		if problem != "" {
			return
		}
		s.Field.Adding = true
		backend, key, mark = p.api(s), p.keys.of(name), p.board.mark()
	})
	if backend == nil {
		return
	}
	added, err := backend.add(ctx, name, key)
	p.update(func(s *State) {
		s.Field.Adding = false
		if refused := badInput(err); refused != nil {
			p.succeeded(s, addSubject, "")
			s.complain(p.words.refused(refused))
			return
		}
		if err != nil {
			p.failed(ctx, s, addSubject, p.words.Text("add.failed", "name", p.words.quoted(name), "reason", p.words.reason(err)), nil)
			return
		}
		p.keys.done(name)
		p.board.add(added, mark)
		s.Field.Text = ""
		lostFocus := p.succeeded(s, addSubject, p.words.Text("add.done", "name", p.words.quoted(name), "trip", p.words.trip(backend)))
		if at := p.screen.Focused().Part; lostFocus || at == FormPart || at == NoPart {
			s.Focus = Place{Part: FormPart}
		}
	})
	if err == nil {
		p.tell(ctx, added.ID)
	}
}

// complain shows a problem at the field; "" removes the message.
func (s *State) complain(problem string) {
	s.Field.Problem = problem
	if problem != "" {
		s.Focus = Place{Part: FormPart}
	}
}
