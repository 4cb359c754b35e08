// Package modal opens dialogs with a resource of the app inside, and gives that resource what it was opened with. It is
// the class Modal of @forge/bridge.
//
//	err := modal.Modal{
//		Resource: "task",
//		Size:     modal.Large,
//		Context:  map[string]string{"task": "42"},
//		OnClose:  func(value json.RawMessage) { … },
//	}.Open(ctx)
//
// The resource's page closes the dialog by view.Close, whose value is OnClose's. Calls go by the client in ctx: see
// [bridge.NewContext].
//
// Source: apis-reference/ui-api-bridge/modal.
package modal

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/nesting"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/internal/usercode"
)

// Size is a dialog's size by name.
type Size string

// The sizes. Lengths are those of CSS.
const (
	// Small is 400px wide and 20vh high, 320px at least.
	Small Size = "small"
	// Medium is 600px wide and 40vh high, 520px at least.
	Medium Size = "medium"
	// Large is 800px wide and 70vh high, 720px at least.
	Large Size = "large"
	// XLarge is 968px wide and 90vh high.
	XLarge Size = "xlarge"
	// Max is as wide and high as the page lets it be.
	Max Size = "max"
	// Fullscreen fills the window. Title and Icon are in its header.
	Fullscreen Size = "fullscreen"
	// Resizable takes the size of what is in it, 400px by 320px at least. Forge has it in preview.
	Resizable Size = "resizable"
)

func (s Size) known() bool {
	switch s {
	case Small, Medium, Large, XLarge, Max, Fullscreen, Resizable:
		return true
	}
	return false
}

// Modal is a dialog to open. Its zero value shows the resource that opens it, in the size Medium.
type Modal struct {
	// Resource is the key of a resource in manifest.yml, or "KEY/ENTRY" for the page ENTRY.html of it. The default is the
	// resource of the caller.
	Resource string
	// Size is a size by name; the default is [Medium].
	Size Size
	// Width, and with it Height, are a size of one's own, such as "500px" or "60vh", in the place of Size. Forge has it in
	// preview.
	Width, Height string
	// Context is for the page in the dialog, which gets it by [Context] or from the extension.modal of its view's
	// context. The default is {}.
	Context any
	// KeepOnEscape and KeepOnOverlayClick have the dialog stay when the user presses Escape or clicks beside it. They are
	// closeOnEscape: false and closeOnOverlayClick: false.
	KeepOnEscape, KeepOnOverlayClick bool
	// Title, Icon or both give the dialog a header with a button that closes it. Icon is a URL.
	Title, Icon string
	// OnClose is called once, when the dialog has been closed, with the value that the page in it gave view.Close, as
	// JSON; nil if it gave none, or if the user closed it. It is not called any more when the context of Open has ended.
	OnClose func(value json.RawMessage)
}

// Open opens the dialog, and returns when it is open. A size that Forge does not have gives [bridge.ErrInvalidRequest], a
// host that says that it cannot [ErrNotOpened].
//
// It is new Modal(options).open().
func (m Modal) Open(ctx context.Context) error {
	const op = "Modal.open"
	argument, err := m.payload(op)
	if err != nil {
		return err
	}
	over := make(chan struct{})
	var once sync.Once
	closed := func(arguments []byte) {
		once.Do(func() {
			defer close(over)
			if m.OnClose != nil {
				m.OnClose(firstOf(arguments))
			}
		})
	}
	answer, object, err := bridge.FromContext(ctx).CallWithFunctions(ctx, op, bridge.Call{Command: "openModal", Payload: argument},
		bridge.Callback{Path: "onClose", Func: closed})
	if err != nil {
		return err
	}
	if payload.False(answer) {
		object.Release()
		return &bridge.Error{Op: op, Err: ErrNotOpened}
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

// Ask opens the dialog and waits until it is closed. It gives the value that OnClose, which is called before, gets. When
// ctx ends, the dialog stays open and Ask returns.
func (m Modal) Ask(ctx context.Context) (json.RawMessage, error) {
	closed := make(chan json.RawMessage, 1)
	tell := m.OnClose
	m.OnClose = func(value json.RawMessage) {
		defer func() { closed <- value }()
		if tell != nil {
			tell(value)
		}
	}
	if err := m.Open(ctx); err != nil {
		return nil, err
	}
	select {
	case value := <-closed:
		return value, nil
	case <-ctx.Done():
		return nil, payload.Failed(ctx, "Modal.open", context.Cause(ctx))
	}
}

// firstOf gives the first of a callback's arguments, and nil if there is none. Functions and undefined, which JSON has no
// form for, are null in an array.
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
	case "", "null", "false", "0", `""`: // as the official client has it
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
