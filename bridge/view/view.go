package view

import (
	"context"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/handler"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// Submit sends a value to the place that shows the app, such as the value of a custom field. The place defines the
// value's form; nil sends none. If the place takes no value, Submit returns [ErrNotSubmittable]. If the host refuses
// the value, the error has the host's text.
//
// It is view.submit.
func Submit(ctx context.Context, value any) error {
	return ask(ctx, "view.submit", "submit", value, ErrNotSubmittable)
}

// Close closes the view, such as the modal that contains the app. value, which may be nil, is what modal.Ask returns in
// the page that opened it. The app's page may be gone before Close returns. If the place cannot be closed, Close returns
// [ErrNotClosable].
//
// It is view.close.
func Close(ctx context.Context, value any) error {
	return ask(ctx, "view.close", "close", value, ErrNotClosable)
}

// Open opens the view. Forge does not document what it opens. If there is nothing to open, Open returns
// [ErrNotOpenable].
//
// It is view.open.
func Open(ctx context.Context) error {
	return ask(ctx, "view.open", "open", nil, ErrNotOpenable)
}

// Refresh makes the page around the app fetch its data again, without reloading. value may be nil; Forge documents no
// value. If the product cannot do that, Refresh returns [ErrNotRefreshable].
//
// It is view.refresh.
func Refresh(ctx context.Context, value any) error {
	return ask(ctx, "view.refresh", "refresh", value, ErrNotRefreshable)
}

// ask sends a command. If the host answers false, because the command has no meaning here, ask returns no.
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

// OnClose calls f when a modal around the app's module closes, such as a macro's custom configuration, until stop is
// called or ctx ends. For modals that the app itself opens, use modal.Ask. If the place cannot be closed, OnClose
// returns [ErrNotClosable].
//
// The context of f ends when ctx ends and when stop is called. An error of f is shown as wasm.OnError says. The host does
// not wait for f, so the app's page may be gone before f returns. Save data when it changes, not in f.
//
// It is view.onClose, whose function returns a promise.
func OnClose(ctx context.Context, f func(ctx context.Context) error) (stop func(), err error) {
	const op = "view.onClose"
	own, end := context.WithCancel(ctx)
	answer, object, err := bridge.FromContext(ctx).CallWithFunctions(ctx, op, bridge.Call{Command: "onClose"},
		handler.Callback(own, "", func(ctx context.Context, _ []byte) error { return f(ctx) }))
	if err != nil {
		end()
		return nil, err
	}
	if payload.False(answer) {
		end()
		object.Release()
		return nil, &bridge.Error{Op: op, Err: ErrNotClosable}
	}
	return handler.Stop(ctx, end, object.Release), nil
}

// EnableTheme applies the product's theme to the app's page, now and after each change. The host sets the attributes
// data-color-mode and data-theme of the page's html element, and the design tokens as CSS custom properties, such as
// --ds-surface. Read only data-color-mode ("light" or "dark"). Call EnableTheme before the page is drawn.
//
// It is view.theme.enable. Source: https://developer.atlassian.com/platform/forge/design-tokens-and-theming/
func EnableTheme(ctx context.Context) error {
	_, err := bridge.FromContext(ctx).Call(ctx, "view.theme.enable", bridge.Call{Command: "enableTheming"})
	return err
}

// ChangeWindowTitle sets the title of the product's page, in Jira's global, admin, project and project settings
// pages.
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
