package tasks

import "context"

// Edit takes what the user has typed. A message about the text goes away as soon as the text is as it should be.
func (p *Page) Edit(text string) {
	p.update(func(s *State) {
		s.Field.Text = text
		if _, problem := cleanName(text); problem == "" {
			s.Field.Problem = ""
		}
	})
}

// Add adds a task of this name. The text stays in the field until it has become a task.
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
		name, problem = cleanName(text)
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
		if problem, ok := isBadInput(err); ok {
			p.succeeded(s, addSubject, "")
			s.complain(problem)
			return
		}
		if err != nil {
			p.failed(ctx, s, addSubject, "Adding "+quoted(name)+" failed. "+reason(err)+
				" Your text is still in the field. Pressing “Add task” again will not add it twice.", nil)
			return
		}
		p.keys.done(name)
		p.board.add(added, mark)
		s.Field.Text = ""
		lostFocus := p.succeeded(s, addSubject, "Added "+quoted(name)+" "+backend.trip()+".")
		if at := p.screen.Focused().Part; lostFocus || at == FormPart || at == NoPart {
			s.Focus = Place{Part: FormPart}
		}
	})
}

// complain says at the field what is wrong with its text; "" takes the message away.
func (s *State) complain(problem string) {
	s.Field.Problem = problem
	if problem != "" {
		s.Focus = Place{Part: FormPart}
	}
}
