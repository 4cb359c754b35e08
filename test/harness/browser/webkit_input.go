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
	// Several documents may say that they have the focus. A page keeps its active element, such as a link that was clicked, when
	// the focus moves into a frame, and a frame may have lost the focus. The first document with a field counts.
	var focused []int
	best := 0.0
	err := t.everywhere(ctx, `+(`+hasField+`) && (document.activeElement?.matches("input, textarea") || document.activeElement?.isContentEditable ? 2 : 1)`,
		func(value json.RawMessage, path []int) {
			var fit float64
			if json.Unmarshal(value, &fit) == nil && fit > best {
				focused, best = path, fit
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
