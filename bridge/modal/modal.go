// Package modal opens dialogs that show a resource of the app, passes a value to that resource, and returns what the
// dialog was closed with. It is the class Modal of @forge/bridge.
//
//	name, err := modal.Ask[string](ctx, modal.Modal{
//		Resource: "rename",
//		Size:     modal.Small,
//		Context:  map[string]string{"task": "42"},
//	})
//	if err != nil {
//		return err // ErrDismissed if the user closed it
//	}
//
// The resource's page reads the value of Context with [GetContext], and closes the dialog with view.Close, whose value Ask
// returns. Calls use the client in ctx: see [bridge.NewContext].
//
// Source: https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/modal/
package modal

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/handler"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/internal/nesting"
	"github.com/forgego/forgego/internal/usercode"
)

// Size is a named dialog size.
type Size string

// The sizes. Lengths are CSS lengths.
const (
	// Small is 400px wide and 20vh high, and at least 320px high.
	Small Size = "small"
	// Medium is 600px wide and 40vh high, and at least 520px high.
	Medium Size = "medium"
	// Large is 800px wide and 70vh high, and at least 720px high.
	Large Size = "large"
	// XLarge is 968px wide and 90vh high.
	XLarge Size = "xlarge"
	// Max is as wide and high as the page allows.
	Max Size = "max"
	// Fullscreen fills the window. Its header shows Title and Icon.
	Fullscreen Size = "fullscreen"
	// Resizable takes the size of its content, at least 400px by 320px. It is a preview feature of Forge.
	Resizable Size = "resizable"
)

func (s Size) known() bool {
	switch s {
	case Small, Medium, Large, XLarge, Max, Fullscreen, Resizable:
		return true
	}
	return false
}

// Modal is a dialog to open. The zero value shows the resource that opens it, in size Medium.
type Modal struct {
	// Resource is the key of a resource in manifest.yml, or "KEY/ENTRY" for its page ENTRY.html. The default is the
	// caller's resource.
	Resource string
	// Size is a named size; the default is [Medium].
	Size Size
	// Width and Height are a custom size, such as "500px" or "60vh", used instead of Size. Height needs a Width. This
	// is a preview feature of Forge.
	Width, Height string
	// Context is passed to the page in the dialog, which reads it with [GetContext] or from extension.modal of its
	// view's context. The default is {}.
	Context any
	// KeepOnEscape and KeepOnOverlayClick keep the dialog open when the user presses Escape or clicks outside it.
	// They are closeOnEscape: false and closeOnOverlayClick: false.
	KeepOnEscape, KeepOnOverlayClick bool
	// If Title or Icon is set, the dialog has a header with a close button. Icon is a URL.
	Title, Icon string
}

// Open opens the dialog and returns when it is open. A size that Forge does not have returns
// [bridge.ErrInvalidRequest]. If the host cannot open the dialog, Open returns [ErrNotOpened]. To wait until the dialog
// closes, use [Ask].
//
// It is new Modal(options).open().
func Open(ctx context.Context, m Modal, options ...Option) error {
	var s settings
	for _, option := range options {
		if option != nil {
			option(&s)
		}
	}
	return open(ctx, m, s.closed)
}

// Ask opens the dialog and waits until it closes. It returns the value that the dialog's page passed to view.Close. If
// the page passed none, or the user closed the dialog, Ask returns [ErrDismissed]. A handler may return that error: it
// is not shown. If T is struct{}, Ask ignores the value and returns no error in both cases.
//
// T is the value's type, as for encoding/json. Another value returns [bridge.ErrInvalidResponse]. If ctx ends, Ask
// returns and the dialog stays open. Other errors are those of [Open].
func Ask[T any](ctx context.Context, m Modal) (T, error) {
	type result struct {
		value T
		err   error
	}
	closed := make(chan result, 1)
	err := Open(ctx, m, WithOnClose(func(_ context.Context, value T, err error) error {
		closed <- result{value, err}
		return nil
	}))
	if err != nil {
		var none T
		return none, err
	}
	select {
	case r := <-closed:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, payload.Failed(ctx, openOp, context.Cause(ctx))
	}
}

const openOp = "Modal.open"

// open opens the dialog. It calls closed, which may be nil, when the dialog closes.
func open(ctx context.Context, m Modal, closed func(ctx context.Context, value json.RawMessage) error) error {
	argument, err := m.payload(openOp)
	if err != nil {
		return err
	}
	over := make(chan struct{})
	var once sync.Once
	onClose := func(ctx context.Context, arguments []byte) (err error) {
		once.Do(func() {
			defer close(over)
			if closed != nil {
				err = closed(ctx, firstOf(arguments))
			}
		})
		return err
	}
	answer, object, err := bridge.FromContext(ctx).CallWithFunctions(ctx, openOp, bridge.Call{Command: "openModal", Payload: argument},
		handler.Callback(ctx, "onClose", onClose))
	if err != nil {
		return err
	}
	if payload.False(answer) {
		object.Release()
		return &bridge.Error{Op: openOp, Err: ErrNotOpened}
	}
	go usercode.Run(func() {
		select {
		case <-over:
		case <-ctx.Done():
		}
		object.Release()
	})
	return nil
}

// firstOf returns the first of a callback's arguments, or nil if there is none. Functions and undefined, which JSON
// cannot represent, are null in an array.
func firstOf(arguments []byte) json.RawMessage {
	var list []json.RawMessage
	if nesting.UnmarshalShallow(arguments, &list) != nil || len(list) == 0 || string(list[0]) == "null" {
		return nil
	}
	return list[0]
}

func (m Modal) payload(op string) ([]byte, error) {
	var size any = m.Size
	switch {
	case m.Width != "" && m.Size != "":
		return nil, payload.InvalidRequest(op, "the modal has both a Size and a Width; keep one")
	case m.Width != "":
		size = struct {
			Width  string `json:"width"`
			Height string `json:"height,omitempty"`
		}{m.Width, m.Height}
	case m.Height != "":
		return nil, payload.InvalidRequest(op, "the modal has a Height without a Width")
	case m.Size == "":
		size = Medium
	case !m.Size.known():
		return nil, payload.InvalidRequest(op, "there is no modal size \""+string(m.Size)+"\"; use one of this package's, or Width and Height")
	}
	own, err := payload.JSON(op, m.Context)
	if err != nil {
		return nil, err
	}
	switch string(own) {
	case "", "null", "false", "0", `""`: // as in the official client
		own = []byte("{}")
	}
	var resource *string
	if m.Resource != "" {
		resource = &m.Resource
	}
	return payload.JSON(op, struct {
		Resource            *string         `json:"resource"`
		Size                any             `json:"size"`
		Context             json.RawMessage `json:"context"`
		CloseOnEscape       bool            `json:"closeOnEscape"`
		CloseOnOverlayClick bool            `json:"closeOnOverlayClick"`
		Title               string          `json:"title"`
		Icon                string          `json:"icon"`
	}{resource, size, own, !m.KeepOnEscape, !m.KeepOnOverlayClick, m.Title, m.Icon})
}
