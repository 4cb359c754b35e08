package devloop

import (
	"sync"

	"github.com/forgego/forgego/devhost"
)

// reportPage reports an event of the server. If the event says that the first calls of a page could begin early, a note
// follows, once for each page.
func (l *Loop) reportPage(e devhost.Event) {
	l.options.Report(e)
	if e.Type == devhost.EventEarly && l.early.isNew(e.Module+e.Name) {
		l.note(`module %s: the first calls of its page could begin while the program loads. Set data-early="%s" in the script tag of forgego.js, without paths that change from visit to visit.`, e.Module, e.Text)
	}
}

// seen remembers texts.
type seen struct {
	mu    sync.Mutex
	texts map[string]bool
}

// isNew reports whether it gets a text for the first time.
func (s *seen) isNew(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.texts[text] {
		return false
	}
	if s.texts == nil {
		s.texts = map[string]bool{}
	}
	s.texts[text] = true
	return true
}
