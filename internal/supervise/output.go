package supervise

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode/utf8"
)

const (
	maxLine = 16 << 10
	maxLast = 15
)

// Output is where all programs print, one whole line at a time, each with its program's name in front.
type Output struct {
	mu    sync.Mutex
	to    io.Writer
	width int
}

// NewOutput makes one whose names, the longest of which is given here too, stand in one column.
func NewOutput(to io.Writer, names ...string) *Output {
	o := &Output{to: to}
	for _, n := range names {
		o.width = max(o.width, utf8.RuneCountInString(n))
	}
	return o
}

// lines splits one program's output.
type lines struct {
	out    *Output
	prefix string

	mu   sync.Mutex
	rest []byte
	tail []string
}

func (o *Output) lines(name string) *lines {
	return &lines{out: o, prefix: fmt.Sprintf("%-*s │ ", o.width, name)}
}

// Write never fails: a terminal that is gone is no reason for the program to die.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = append(l.rest, p...)
	for {
		i := bytes.IndexByte(l.rest, '\n')
		if i < 0 && len(l.rest) < maxLine {
			return len(p), nil
		}
		if i < 0 {
			l.print(l.rest)
			l.rest = nil
			continue
		}
		l.print(l.rest[:i])
		l.rest = l.rest[i+1:]
	}
}

// flush prints a last line that has no end.
func (l *lines) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.rest) > 0 {
		l.print(l.rest)
		l.rest = nil
	}
}

func (l *lines) print(line []byte) {
	text := strings.TrimRight(string(line), "\r")
	if len(l.tail) == maxLast {
		l.tail = l.tail[1:]
	}
	l.tail = append(l.tail, text)
	l.out.mu.Lock()
	defer l.out.mu.Unlock()
	_, _ = io.WriteString(l.out.to, l.prefix+text+"\n")
}

func (l *lines) last() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.tail...)
}
