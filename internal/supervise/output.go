package supervise

import (
	"bytes"
	"fmt"
	"io"
	"sync"
	"time"
	"unicode/utf8"
)

const (
	maxLine = 16 << 10
	maxLast = 15
	// promptDelay is how long an incomplete line waits for its end before it is printed.
	promptDelay = 250 * time.Millisecond
)

// Output collects the output of all programs. It prints whole lines, each after its program's name.
type Output struct {
	mu    sync.Mutex
	to    io.Writer
	width int
}

// NewOutput returns an Output that writes to the given writer. The given names share one column.
func NewOutput(to io.Writer, names ...string) *Output {
	o := &Output{to: to}
	for _, n := range names {
		o.width = max(o.width, utf8.RuneCountInString(n))
	}
	return o
}

// Lines splits one program's output into lines.
type Lines struct {
	out    *Output
	prefix string

	mu   sync.Mutex
	rest []byte // what is not printed yet
	// begun means that the start of the line has been printed, and rest continues it.
	begun  bool
	prompt *time.Timer // prints rest, unless its end arrives first
	tail   []string
}

// Lines returns a writer for the output of the program with that name. Call Flush when the program has ended.
func (o *Output) Lines(name string) *Lines {
	return &Lines{out: o, prefix: fmt.Sprintf("%-*s │ ", o.width, name)}
}

// Write prints all whole lines. An incomplete line, such as a prompt, is printed as its own line if its end does not
// arrive within 250 ms. Write never fails: a program must not die because the terminal is gone.
func (l *Lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = append(l.rest, p...)
	for {
		if i := bytes.IndexByte(l.rest, '\n'); i >= 0 {
			// If the line's text has already been printed, its end is not a line.
			if line := bytes.TrimRight(l.rest[:i], "\r"); len(line) > 0 || !l.begun {
				l.print(line)
			}
			l.rest, l.begun = l.rest[i+1:], false
		} else if len(l.rest) >= maxLine {
			l.begin(whole(l.rest))
		} else {
			break
		}
	}
	l.wait()
	return len(p), nil
}

// wait schedules printing of rest, if there is any.
func (l *Lines) wait() {
	switch {
	case len(l.rest) == 0 && l.prompt != nil:
		l.prompt.Stop()
		l.prompt = nil
	case len(l.rest) > 0 && l.prompt == nil:
		l.prompt = time.AfterFunc(promptDelay, l.flushPrompt)
	}
}

// flushPrompt prints an incomplete line. It keeps an incomplete character at the end for later.
func (l *Lines) flushPrompt() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.prompt = nil
	if n := whole(l.rest); n > 0 {
		l.begin(n)
	}
}

// begin prints the first n bytes of the rest as the start of a line.
func (l *Lines) begin(n int) {
	l.print(bytes.TrimRight(l.rest[:n], "\r"))
	l.rest, l.begun = append([]byte(nil), l.rest[n:]...), true
}

// whole returns the length of b without an incomplete character at its end.
func whole(b []byte) int {
	for n := len(b) - 1; n >= 0 && n >= len(b)-utf8.UTFMax; n-- {
		if utf8.RuneStart(b[n]) {
			if !utf8.FullRune(b[n:]) {
				return n
			}
			break
		}
	}
	return len(b)
}

// Flush prints an incomplete line at once.
func (l *Lines) Flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.rest) > 0 {
		l.begin(len(l.rest))
	}
	l.wait()
}

func (l *Lines) print(line []byte) {
	text := string(line)
	if len(l.tail) == maxLast {
		l.tail = l.tail[1:]
	}
	l.tail = append(l.tail, text)
	l.out.mu.Lock()
	defer l.out.mu.Unlock()
	_, _ = io.WriteString(l.out.to, l.prefix+text+"\n")
}

func (l *Lines) last() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.tail...)
}
