package browser

// What follows has the form of https://www.w3.org/TR/webdriver2/#actions, which both protocols share.

// mouseActions moves the mouse to a place in the window and clicks.
func mouseActions(at point) []any {
	return []any{map[string]any{
		"type": "pointer", "id": "mouse", "parameters": map[string]any{"pointerType": "mouse"},
		"actions": []any{
			map[string]any{"type": "pointerMove", "x": int(at.X), "y": int(at.Y), "duration": 0, "origin": "viewport"},
			map[string]any{"type": "pointerDown", "button": 0},
			map[string]any{"type": "pointerUp", "button": 0},
		},
	}}
}

// keyActions presses and releases keys.
func keyActions(strokes []stroke) []any {
	actions := make([]any, len(strokes))
	for i, s := range strokes {
		kind := "keyDown"
		if s.up {
			kind = "keyUp"
		}
		actions[i] = map[string]any{"type": kind, "value": string(s.key)}
	}
	return []any{map[string]any{"type": "key", "id": "keyboard", "actions": actions}}
}
