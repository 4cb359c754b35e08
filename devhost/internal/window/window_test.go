package window

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// TestSlowWindow checks that a window is disconnected if its queue has too many messages or too many bytes.
func TestSlowWindow(t *testing.T) {
	const large = 1 << 20
	for name, c := range map[string]struct {
		payload string
		limit   int
	}{
		"many messages":  {"1", maxQueueMessages},
		"large messages": {strings.Repeat("1", large), maxQueueBytes / large},
	} {
		t.Run(name, func(t *testing.T) {
			w, ctx := new(Windows).Open(t.Context(), Place{})
			m := Message{Payload: json.RawMessage(c.payload)}
			for range c.limit {
				w.Send(m)
			}
			if ctx.Err() != nil {
				t.Fatalf("the window was disconnected at the limit: %v", context.Cause(ctx))
			}
			if got := len(w.Take()); got != c.limit || w.size != 0 {
				t.Errorf("Take returned %d messages, want %d; the size is %d, want 0", got, c.limit, w.size)
			}
			for range c.limit + 1 {
				w.Send(m)
			}
			if !errors.Is(context.Cause(ctx), errSlow) || len(w.Take()) != 0 {
				t.Errorf("above the limit: the cause is %v, want %v and an empty queue", context.Cause(ctx), errSlow)
			}
		})
	}
}
