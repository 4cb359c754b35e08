package browser

import (
	"context"
	"encoding/json"
)

func (t *webkitTab) mouse(ctx context.Context, at point) error {
	return t.do(ctx, "POST", "/actions", map[string]any{"actions": mouseActions(at)}, nil)
}

func (t *webkitTab) keys(ctx context.Context, strokes []stroke) error {
	return t.do(ctx, "POST", "/actions", map[string]any{"actions": keyActions(strokes)}, nil)
}

func (t *webkitTab) insert(ctx context.Context, text string) error {
	var focused []int
	found := false
	// The first one counts: a frame without the focus may say that it has it.
	err := t.everywhere(ctx, hasField, func(value json.RawMessage, path []int) {
		if string(value) == "true" && !found {
			focused, found = path, true
		}
	})
	if err != nil {
		return err
	}
	return insertText(ctx, text, func(ctx context.Context, script string) (json.RawMessage, error) {
		leave, err := t.enter(ctx)
		if err != nil {
			return nil, err
		}
		defer leave()
		if err := t.session.follow(ctx, focused); err != nil {
			return nil, err
		}
		return t.session.execute(ctx, script)
	})
}
