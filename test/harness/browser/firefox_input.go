package browser

import "context"

func (t *firefoxTab) mouse(ctx context.Context, at point) error {
	return t.perform(ctx, mouseActions(at))
}

func (t *firefoxTab) keys(ctx context.Context, strokes []stroke) error {
	return t.perform(ctx, keyActions(strokes))
}

func (t *firefoxTab) perform(ctx context.Context, actions []any) error {
	if err := t.browser.activate(ctx, t); err != nil {
		return err
	}
	return t.command(ctx, "input.performActions", map[string]any{"context": t.id, "actions": actions}, nil)
}

func (t *firefoxTab) insert(ctx context.Context, text string) error {
	id, err := t.focused(ctx)
	if err != nil {
		return err
	}
	return insertText(ctx, text, t.evaluator(id))
}

// focused returns the ID of the document whose field has the focus.
func (t *firefoxTab) focused(ctx context.Context) (id string, err error) {
	id = t.id
	err = t.everywhere(ctx, func(other string) error {
		value, err := t.evaluateIn(ctx, other, hasField)
		if string(value) == "true" {
			id = other
		}
		return err
	})
	return id, err
}
