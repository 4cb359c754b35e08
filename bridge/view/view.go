package view

import (
	"context"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/internal/usercode"
)

// Submit gives the place that shows the app its value, such as a custom field's. What the value has to be is that place's
// to say; nil sends none. A place that takes none gives [ErrNotSubmittable], a host that refuses the value its words.
//
// It is view.submit.
func Submit(ctx context.Context, value any) error {
	return ask(ctx, "view.submit", "submit", value, ErrNotSubmittable)
}

// Close asks for the view to be closed, such as the modal that the app is in; value, which may be nil, goes to the modal's
// OnClose. The app's page may be gone before Close returns. A place that cannot be closed gives [ErrNotClosable].
//
// It is view.close.
func Close(ctx context.Context, value any) error {
	return ask(ctx, "view.close", "close", value, ErrNotClosable)
}

// Open asks for the view to be opened. Forge does not document what it opens where. A place where there is nothing to open
// gives [ErrNotOpenable].
//
// It is view.open.
func Open(ctx context.Context) error {
	return ask(ctx, "view.open", "open", nil, ErrNotOpenable)
}

// Refresh has the page around the app fetch its data again, without loading itself again; value may be nil, and Forge
// documents none. A product that cannot gives [ErrNotRefreshable].
//
// It is view.refresh.
func Refresh(ctx context.Context, value any) error {
	return ask(ctx, "view.refresh", "refresh", value, ErrNotRefreshable)
}

// ask sends a command that the host answers with false where it has no meaning.
func ask(ctx context.Context, op, command string, value any, no error) error {
	argument, err := payload.JSON(op, value)
	if err != nil {
		return err
	}
	answer, err := bridge.FromContext(ctx).Call(ctx, op, bridge.Call{Command: command, Payload: argument})
	if err == nil && payload.False(answer) {
		err = &bridge.Error{Op: op, Err: no}
	}
	return err
}

// OnClose has f called when a modal around the app's module is closed, such as a macro's custom configuration, until ctx
// ends. For modals that the app itself opens there is modal.Modal's OnClose. A place that cannot be closed gives
// [ErrNotClosable].
//
// The host does not learn when f has returned, so the app's page may be gone before. What has to be kept, keep as it
// changes.
//
// It is view.onClose, whose function gives a promise.
func OnClose(ctx context.Context, f func()) error {
	const op = "view.onClose"
	answer, object, err := bridge.FromContext(ctx).CallWithFunctions(ctx, op, bridge.Call{Command: "onClose"},
		bridge.Callback{Func: func([]byte) { f() }})
	if err != nil {
		return err
	}
	if payload.False(answer) {
		object.Release()
		return &bridge.Error{Op: op, Err: ErrNotClosable}
	}
	context.AfterFunc(ctx, func() { usercode.Run(object.Release) })
	return nil
}

// EnableTheme has the product's theme applied to the app's page, now and whenever it changes: the host sets the attributes
// data-color-mode and data-theme of the page's html element, and the design tokens as custom properties of CSS, such as
// --ds-surface. Only data-color-mode ("light" or "dark") is meant to be read. Call it before the page is drawn.
//
// It is view.theme.enable. Source: design-tokens-and-theming.
func EnableTheme(ctx context.Context) error {
	_, err := bridge.FromContext(ctx).Call(ctx, "view.theme.enable", bridge.Call{Command: "enableTheming"})
	return err
}

// ChangeWindowTitle sets the title of the product's page: in Jira's global, admin, project and project settings pages.
//
// It is view.changeWindowTitle.
func ChangeWindowTitle(ctx context.Context, title string) error {
	const op = "view.changeWindowTitle"
	argument, err := payload.JSON(op, title)
	if err != nil {
		return err
	}
	_, err = bridge.FromContext(ctx).Call(ctx, op, bridge.Call{Command: "changeWindowTitle", Payload: argument})
	return err
}
