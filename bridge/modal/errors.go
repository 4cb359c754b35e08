package modal

import (
	"errors"

	"github.com/forgego/forgego/internal/usercode"
)

var (
	// ErrNotOpened means that the host could not open the dialog.
	ErrNotOpened = errors.New("unable to open the modal")
	// ErrNoModal means that the page is not in a dialog opened by the app.
	ErrNoModal = errors.New("this page is not in a modal")
	// ErrDismissed means that the dialog was closed without a value: the user closed it, or its page called view.Close
	// with nil. That is the user's choice and not a failure: if a handler of the app, or the work of wasm.Go, returns
	// this error, it is not shown.
	ErrDismissed error = usercode.Choice("the modal was closed without a value")
)
