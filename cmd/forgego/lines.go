package main

import (
	"bufio"
	"context"
	"io"
	"strings"
)

// lines reads lines that a user types.
type lines struct{ in *bufio.Reader }

func newLines(in io.Reader) lines { return lines{bufio.NewReader(in)} }

// next returns the next line without spaces around it. It returns errNoAnswer if there is none, and returns at once when
// ctx ends.
func (l lines) next(ctx context.Context) (string, error) {
	type result struct {
		text string
		err  error
	}
	read := make(chan result, 1)
	go func() {
		text, err := l.in.ReadString('\n')
		read <- result{strings.TrimSpace(text), err}
	}()
	select {
	case r := <-read:
		if r.err != nil {
			return "", errNoAnswer
		}
		return r.text, nil
	case <-ctx.Done():
		return "", errNoAnswer
	}
}
