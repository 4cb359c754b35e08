package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/forgego/forgego/internal/terminal"
)

const (
	// A text that comes again is counted, and the count printed after a delay, which doubles from the first to the last.
	firstRepeatDelay = time.Second
	lastRepeatDelay  = time.Minute
	// maxRepeated is how many texts are counted at a time.
	maxRepeated = 100
	// maxRepeatedLines is how many lines of such a text are printed. Stacks are long: these are three frames of a panic, below
	// the lines that say what happened.
	maxRepeatedLines = 10
)

// repeated counts how often a text has come again since it was printed.
type repeated struct {
	count int
	delay time.Duration
}

// repeat prints a text about an error that has happened count times. The same text within the delay is counted only. The text
// may be a page's, so its further lines are indented: they must not look like forgego's own.
func (s *screen) repeat(name, text string, count int) {
	key := name + "\n" + text
	if r := s.said[key]; r != nil {
		r.count += count
		return
	}
	lines := strings.SplitN(withoutLibraries(strings.ReplaceAll(text, "\r\n", "\n")), "\n", maxRepeatedLines+1)
	text = strings.Join(lines[:min(len(lines), maxRepeatedLines)], "\n    ")
	if count > 1 {
		text = fmt.Sprintf("%d times: %s", count, text)
	}
	s.line(name, terminal.Red, text)
	if len(s.said) < maxRepeated {
		r := &repeated{delay: firstRepeatDelay}
		s.said[key] = r
		s.printLater(name, text, key, r)
	}
}

// printLater prints the count after the delay. It stops when a delay has passed in which the text did not come.
func (s *screen) printLater(name, text, key string, r *repeated) {
	time.AfterFunc(r.delay, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if r.count == 0 {
			delete(s.said, key)
			return
		}
		times := fmt.Sprintf("%d more times", r.count)
		if r.count == 1 {
			times = "once more"
		}
		s.line(name, terminal.Red, times+": "+shorten(text, 60))
		r.count, r.delay = 0, min(2*r.delay, lastRepeatDelay)
		s.printLater(name, text, key, r)
	})
}
