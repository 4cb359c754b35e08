// Program logic has the logic of the page.
package main

import (
	"context"
	"errors"
	"strings"

	"github.com/forgego/forgego/wasm"
)

// Draft is what the user has typed.
type Draft struct {
	Text string `json:"text"`
}

// Summary is what the page shows about a text.
type Summary struct {
	Words   int     `json:"words"`
	Longest string  `json:"longest"`
	Verdict Verdict `json:"verdict"`
}

// Verdict says how long a text is.
type Verdict string

// The verdicts.
const (
	Short Verdict = "short"
	Long  Verdict = "long"
)

// summarize counts the words of a text.
func summarize(_ context.Context, in Draft) (Summary, error) {
	words := strings.Fields(in.Text)
	if len(words) == 0 {
		return Summary{}, errors.New("write something first")
	}
	s := Summary{Words: len(words), Verdict: Short}
	for _, w := range words {
		if len(w) > len(s.Longest) {
			s.Longest = w
		}
	}
	if len(words) > 3 {
		s.Verdict = Long
	}
	return s, nil
}

// wait waits until the page stops it.
func wait(ctx context.Context, _ struct{}) (struct{}, error) {
	<-ctx.Done()
	return struct{}{}, context.Cause(ctx)
}

func main() {
	wasm.Run(func(ctx context.Context) error {
		wasm.ExportFunc(ctx, "summarize", summarize)
		wasm.ExportFunc(ctx, "wait", wait)
		return nil
	})
}
