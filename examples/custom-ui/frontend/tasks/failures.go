package tasks

import (
	"context"
	"slices"
)

// listSubject and addSubject are the subjects of failures that are about no task. An id has no white space.
const (
	listSubject = "the list"
	addSubject  = "a new task"
)

// succeeded says what happened and takes the message of an earlier try away. It reports whether the focus was there.
func (p *Page) succeeded(s *State, subject, text string) (lostFocus bool) {
	s.Status = text
	return p.clear(s, subject)
}

// failed says what did not happen, unless it did not because the page goes away. It stands in place of an older message
// about the subject, and has it tried again by retry, unless that is nil.
func (p *Page) failed(ctx context.Context, s *State, subject, text string, retry func(ctx context.Context)) {
	if ctx.Err() != nil {
		return
	}
	if p.clear(s, subject) {
		s.Focus = Place{FailurePart, subject}
	}
	// What happened last is the failure, which its message tells.
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

// clear takes the subject's message away. It reports whether the focus was in it and is homeless now.
func (p *Page) clear(s *State, subject string) (hadFocus bool) {
	if s.failure(subject) == nil {
		return false
	}
	delete(p.retries, subject)
	s.Failures = slices.DeleteFunc(s.Failures, func(f Failure) bool { return f.Subject == subject })
	return p.screen.Focused() == Place{FailurePart, subject}
}

// setTrying marks the subject's message, if there is one: its next try is under way. It ends with succeeded or failed.
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

// Dismiss takes the subject's message away, as the user wishes.
func (p *Page) Dismiss(subject string) {
	p.update(func(s *State) {
		p.clear(s, subject)
		s.Focus = Place{Part: FormPart}
	})
}
