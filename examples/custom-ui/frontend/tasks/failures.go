package tasks

import (
	"context"
	"slices"
)

// listSubject and addSubject are the subjects of failures that are not about a task. They contain spaces, which ids do not.
const (
	listSubject = "the list"
	addSubject  = "a new task"
)

// succeeded sets the status and removes the message of an earlier try. It reports whether that message had the focus.
func (p *Page) succeeded(s *State, subject, text string) (lostFocus bool) {
	s.Status = text
	return p.clear(s, subject)
}

// failed shows a failure, unless its cause is that the page is closed. It replaces an older message about the subject. If
// retry is not nil, the user can call it.
func (p *Page) failed(ctx context.Context, s *State, subject, text string, retry func(ctx context.Context)) {
	if ctx.Err() != nil {
		return
	}
	if p.clear(s, subject) {
		s.Focus = Place{FailurePart, subject}
	}
	// The last event is the failure, which has its own message.
	s.Status = ""
	p.failures++
	p.retries[subject] = retry
	s.Failures = append(s.Failures, Failure{
		Number:   p.failures,
		Subject:  subject,
		Text:     text,
		CanRetry: retry != nil,
		// Without its list the page is of no use.
		CanDismiss: subject != listSubject,
	})
}

// clear removes the subject's message. It reports whether the message had the focus, which then needs a new place.
func (p *Page) clear(s *State, subject string) (hadFocus bool) {
	if s.failure(subject) == nil {
		return false
	}
	delete(p.retries, subject)
	s.Failures = slices.DeleteFunc(s.Failures, func(f Failure) bool { return f.Subject == subject })
	return p.screen.Focused() == Place{FailurePart, subject}
}

// setTrying marks the subject's message, if there is one, while a retry is in progress. The retry ends with succeeded or
// failed.
func (s *State) setTrying(subject string) {
	if f := s.failure(subject); f != nil {
		f.Trying = true
	}
}

// Retry tries again what failed.
func (p *Page) Retry(ctx context.Context, subject string) {
	var retry func(ctx context.Context)
	p.update(func(s *State) {
		if f := s.failure(subject); f != nil && !f.Trying {
			retry = p.retries[subject]
		}
	})
	if retry != nil {
		retry(ctx)
	}
}

// Dismiss removes the subject's message at the user's request.
func (p *Page) Dismiss(subject string) {
	p.update(func(s *State) {
		p.clear(s, subject)
		s.Focus = Place{Part: FormPart}
	})
}
