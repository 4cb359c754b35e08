package bridgetest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/forgego/forgego/bridge/bridgetest/internal/jsvalue"
)

// Flag is a message that the app shows by package flag.
type Flag struct {
	ID, Title, Description string
	// Type is the kind of the message, which decides its icon: "info", "success", "warning" or "error". Bold means that the
	// app has set it by Appearance.
	Type string
	Bold bool
	// Actions are the texts of the buttons.
	Actions     []string
	AutoDismiss bool

	host   *Host
	clicks []func(...any) *Reply
	timer  *time.Timer
}

// flagTime is how long a flag with isAutoDismiss stays, as in the local host. Atlassian does not document its own value.
const flagTime = 8 * time.Second

var flagTypes = []string{"info", "success", "warning", "error"}

var flagCommands = map[string]command{
	"showFlag": func(_ context.Context, w *Window, payload json.RawMessage, callbacks Callbacks) (any, error) {
		options := membersOf(payload)
		id, err := flagID(options)
		if err != nil {
			return nil, err
		}
		f := &Flag{ID: id, Title: textOrNone(options["title"]), Description: textOrNone(options["description"]), Type: "info", host: w.host}
		f.AutoDismiss = string(options["isAutoDismiss"]) == "true"
		if appearance := jsvalue.String(options["appearance"]); slices.Contains(flagTypes, appearance) {
			f.Type, f.Bold = appearance, true
		} else if kind := jsvalue.String(options["type"]); slices.Contains(flagTypes, kind) {
			f.Type = kind
		}
		var actions []json.RawMessage
		_ = json.Unmarshal(options["actions"], &actions) // another type counts as none
		for i, raw := range actions {
			action := membersOf(raw)
			if action == nil {
				continue
			}
			text := ""
			if !jsvalue.IsNullish(action["text"]) {
				text = jsvalue.String(action["text"])
			}
			f.Actions = append(f.Actions, text)
			f.clicks = append(f.clicks, callbacks["actions."+strconv.Itoa(i)+".onClick"])
		}
		w.host.showFlag(f)
		return true, nil
	},
	"closeFlag": func(_ context.Context, w *Window, payload json.RawMessage, _ Callbacks) (any, error) {
		id, err := flagID(membersOf(payload))
		if err != nil {
			return nil, err
		}
		return w.host.removeFlag(func(f *Flag) bool { return f.ID == id }), nil
	},
}

func flagID(options members) (string, error) {
	if id := options["id"]; len(id) > 0 && (id[0] == '"' || id[0] == '-' || '0' <= id[0] && id[0] <= '9') {
		return jsvalue.String(id), nil
	}
	return "", refuse(invalidRequest, "A flag needs an id: a string or a number.")
}

// textOrNone returns a text that is shown unless it is false in a condition.
func textOrNone(raw json.RawMessage) string {
	if !jsvalue.IsTruthy(raw) {
		return ""
	}
	return jsvalue.String(raw)
}

// Flags returns the flags that are shown now, in all windows. The newest is the first.
func (h *Host) Flags() []*Flag {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.flags)
}

// Click presses the button with this text. It returns without waiting for the action's OnClick. If the flag has no such
// button, or is gone, the test fails.
func (f *Flag) Click(action string) {
	h := f.host
	if h.t != nil {
		h.t.Helper()
	}
	i := slices.Index(f.Actions, action)
	if i < 0 {
		h.misuse("the flag %q has no button %q; it has %q", f.ID, action, f.Actions)
	}
	if !slices.Contains(h.Flags(), f) {
		h.misuse("the flag %q is not shown any more", f.ID)
	}
	if click := f.clicks[i]; click != nil {
		click()
	}
}

// Dismiss removes the flag, as its user does. The app is not told.
func (f *Flag) Dismiss() { f.host.removeFlag(func(other *Flag) bool { return other == f }) }

// String returns the flag's kind and texts.
func (f *Flag) String() string {
	text := f.Type + " " + f.Title
	if f.Description != "" {
		text += ": " + f.Description
	}
	if len(f.Actions) > 0 {
		text += fmt.Sprintf(" %q", f.Actions)
	}
	return text
}

// showFlag shows a flag in place of the one with its id, or as the first.
func (h *Host) showFlag(f *Flag) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	if i := slices.IndexFunc(h.flags, func(other *Flag) bool { return other.ID == f.ID }); i >= 0 {
		h.flags[i].stop()
		h.flags[i] = f
	} else {
		h.flags = slices.Insert(h.flags, 0, f)
	}
	if f.AutoDismiss {
		f.timer = time.AfterFunc(flagTime, f.Dismiss)
	}
}

// removeFlag removes the flag that is wanted, and reports whether there was one.
func (h *Host) removeFlag(wanted func(*Flag) bool) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	i := slices.IndexFunc(h.flags, wanted)
	if i < 0 {
		return false
	}
	h.flags[i].stop()
	h.flags = slices.Delete(slices.Clone(h.flags), i, i+1)
	return true
}

// stop ends the flag's timer. The caller holds the host's lock.
func (f *Flag) stop() {
	if f.timer != nil {
		f.timer.Stop()
	}
}
