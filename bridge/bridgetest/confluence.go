package bridgetest

import (
	"context"
	"encoding/json"
	"strconv"
)

// confluenceState is what the commands of package confluence keep. The host's lock guards it.
type confluenceState struct {
	editor, macro json.RawMessage // nil if the test has not prepared them
	height        int
}

var confluenceCommands = map[string]command{
	"getEditorContent": func(_ context.Context, w *Window, _ json.RawMessage, _ Callbacks) (any, error) {
		return w.host.content(&w.host.confluence.editor, "no document in the editor", "Host.SetEditorContent")
	},
	"getMacroContent": func(_ context.Context, w *Window, _ json.RawMessage, _ Callbacks) (any, error) {
		return w.host.content(&w.host.confluence.macro, "no macro in the editor", "Host.SetMacroContent")
	},
	"updateMacro": func(_ context.Context, w *Window, payload json.RawMessage, _ Callbacks) (any, error) {
		h := w.host
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.confluence.macro == nil {
			return nil, unprepared(notPrepared, "no macro in the editor", "Host.SetMacroContent")
		}
		text, _ := membersOf(payload).text("data")
		var node map[string]json.RawMessage
		if json.Unmarshal([]byte(text), &node) != nil || node["type"] == nil {
			return false, nil
		}
		h.confluence.macro = json.RawMessage(text)
		return true, nil
	},
	"setMacroViewportHeight": func(_ context.Context, w *Window, payload json.RawMessage, _ Callbacks) (any, error) {
		var text string
		_ = json.Unmarshal(payload, &text)
		height, err := strconv.Atoi(text)
		if err != nil || height < 1 {
			return nil, refuse(invalidRequest, "The height of a macro must be a text with a whole number that is greater than 0.")
		}
		w.host.mu.Lock()
		defer w.host.mu.Unlock()
		w.host.confluence.height = height
		return true, nil
	},
}

// content returns a document in the form of the command.
func (h *Host) content(document *json.RawMessage, what, how string) (any, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if *document == nil {
		return nil, unprepared(notPrepared, what, how)
	}
	return map[string]string{"data": string(*document)}, nil
}

// SetEditorContent sets the document that confluence.GetEditorContent returns. It is encoded by encoding/json.
func (h *Host) SetEditorContent(document any) {
	if h.t != nil {
		h.t.Helper()
	}
	h.setContent(&h.confluence.editor, document)
}

// SetMacroContent sets the node that confluence.GetMacroContent returns and confluence.UpdateMacro replaces. It is
// encoded by encoding/json.
func (h *Host) SetMacroContent(node any) {
	if h.t != nil {
		h.t.Helper()
	}
	h.setContent(&h.confluence.macro, node)
}

func (h *Host) setContent(to *json.RawMessage, document any) {
	if h.t != nil {
		h.t.Helper()
	}
	data, err := json.Marshal(document)
	if err != nil {
		h.misuse("the document: %v", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	*to = data
}

// MacroContent returns the macro's node as it is now, or nil if there is none.
func (h *Host) MacroContent() json.RawMessage {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.confluence.macro
}

// MacroHeight returns the height that the app has set by confluence.SetMacroViewportHeight, or 0.
func (h *Host) MacroHeight() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.confluence.height
}
