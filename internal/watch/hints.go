package watch

import (
	"errors"
	"sync"

	"github.com/fsnotify/fsnotify"
)

// maxHints is how many names are kept. With more, everything is looked at.
const maxHints = 100_000

// notifier is the system's events for folders.
type notifier struct {
	add    func(folder string) error
	close  func() error
	events <-chan fsnotify.Event
	errors <-chan error
}

func newNotifier() (*notifier, error) {
	n, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	return &notifier{n.Add, n.Close, n.Events, n.Errors}, nil
}

// hints collects a notifier's events. It always reads them at once, because adding a folder may wait until that
// happened. A nil *hints never has any.
type hints struct {
	notifier *notifier
	woken    chan struct{}
	ended    chan struct{}

	mu    sync.Mutex
	names map[string]fsnotify.Op
	// broken means that events were lost.
	broken bool
	err    error
}

func newHints(n *notifier) *hints {
	h := &hints{notifier: n, woken: make(chan struct{}, 1), ended: make(chan struct{}), names: map[string]fsnotify.Op{}}
	go h.collect(n.events, n.errors)
	return h
}

func (h *hints) collect(events <-chan fsnotify.Event, errs <-chan error) {
	defer close(h.ended)
	for events != nil || errs != nil {
		select {
		case e, open := <-events:
			if !open {
				events = nil
				continue
			}
			h.add(e)
		case err, open := <-errs:
			if !open {
				errs = nil
				continue
			}
			h.fail(err)
		}
		select {
		case h.woken <- struct{}{}:
		default:
		}
	}
}

func (h *hints) add(e fsnotify.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.names) >= maxHints {
		h.names, h.broken = map[string]fsnotify.Op{}, true
	}
	h.names[e.Name] |= e.Op
}

func (h *hints) fail(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if errors.Is(err, fsnotify.ErrEventOverflow) {
		h.broken = true
	} else {
		h.err = err
	}
}

// wake returns a channel that receives when there are hints.
func (h *hints) wake() <-chan struct{} {
	if h == nil {
		return nil
	}
	return h.woken
}

// take returns the hints and forgets them: what happened by the path, whether events were lost, and the last error.
func (h *hints) take() (names map[string]fsnotify.Op, broken bool, err error) {
	if h == nil {
		return nil, false, nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	names, broken, err = h.names, h.broken, h.err
	h.names, h.broken, h.err = map[string]fsnotify.Op{}, false, nil
	return names, broken, err
}

func (h *hints) close() {
	if h == nil {
		return
	}
	_ = h.notifier.close()
	<-h.ended
}
