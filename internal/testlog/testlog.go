// Package testlog keeps what programs print, so that tests can wait for it.
package testlog

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long Wait waits.
const patience = 3 * time.Minute

// Log keeps the text that several programs or goroutines write. The zero value is empty and ready to use.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
	// changed is closed at the next write, if a test waits for one.
	changed chan struct{}
}

// Write implements io.Writer.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
	return l.text.Write(p)
}

// String returns everything that was written so far.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Reset forgets everything that was written so far.
func (l *Log) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Reset()
}

// Wait returns when the text has been written. The test fails after three minutes.
func (l *Log) Wait(t testing.TB, text string) {
	t.Helper()
	l.WaitUntil(t, fmt.Sprintf("the output contains %q", text), func() bool { return strings.Contains(l.String(), text) })
}

// WaitUntil returns when done returns true. It calls done now and after each write, so it does not see a change that no
// write follows. The test fails after three minutes, and says what it waited for.
func (l *Log) WaitUntil(t testing.TB, what string, done func() bool) {
	t.Helper()
	limit := time.After(patience)
	for {
		changed := l.nextWrite()
		if done() {
			return
		}
		select {
		case <-changed:
		case <-limit:
			t.Fatalf("waited in vain until %s; the output is\n%s", what, l)
		}
	}
}

// nextWrite returns a channel that is closed at the next write.
func (l *Log) nextWrite() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.changed == nil {
		l.changed = make(chan struct{})
	}
	return l.changed
}
