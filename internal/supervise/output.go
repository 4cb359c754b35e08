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
	// promptDelay is how long the beginning of a line waits for its end before it is shown.
	promptDelay = 250 * time.Millisecond
)

// Output is where all programs print, one whole line at a time, each with its program's name in front.
type Output struct {
	mu    sync.Mutex
	to    io.Writer
	width int
}

// NewOutput returns an Output that writes to the given writer. The names given here share one column.
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
	// begun says that the beginning of the line is printed, and rest goes on with it.
	begun  bool
	prompt *time.Timer // prints rest, unless its end comes first
	tail   []string
}

// Lines returns a writer for what the program of that name prints. Flush must be called when the program has ended.
func (o *Output) Lines(name string) *Lines {
	return &Lines{out: o, prefix: fmt.Sprintf("%-*s │ ", o.width, name)}
}

// Write prints all whole lines. The beginning of a line, such as a prompt, is printed as a line of its own when its end
// has not come after 250 ms. Write never fails: a terminal that is gone is no reason for the program to die.
func (l *Lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = append(l.rest, p...)
	for {
		if i := bytes.IndexByte(l.rest, '\n'); i >= 0 {
			// The end of a line whose text is printed already is no line.
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

// wait has the rest printed soon if there is one.
func (l *Lines) wait() {
	switch {
	case len(l.rest) == 0 && l.prompt != nil:
		l.prompt.Stop()
		l.prompt = nil
	case len(l.rest) > 0 && l.prompt == nil:
		l.prompt = time.AfterFunc(promptDelay, l.flushPrompt)
	}
}

// flushPrompt prints the beginning of a line. The beginning of a character waits for what comes next.
func (l *Lines) flushPrompt() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.prompt = nil
	if n := whole(l.rest); n > 0 {
		l.begin(n)
	}
}

// begin prints the first n bytes of the rest as the beginning of a line.
func (l *Lines) begin(n int) {
	l.print(bytes.TrimRight(l.rest[:n], "\r"))
	l.rest, l.begun = append([]byte(nil), l.rest[n:]...), true
}

// whole returns the length of b without the beginning of a character at its end.
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

// Flush prints the beginning of a line at once.
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
