package modal

import "errors"

var (
	// ErrNotOpened means that the host could not open the dialog.
	ErrNotOpened = errors.New("unable to open the modal")
	// ErrNoModal means that the page is not in a dialog opened by the app.
	ErrNoModal = errors.New("this page is not in a modal")
	// ErrDismissed means that the dialog was closed without a value: the user closed it, or its page called view.Close
	// with nil.
	ErrDismissed = errors.New("the modal was closed without a value")
)
