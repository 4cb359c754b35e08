package modal

import "errors"

var (
	// ErrNotOpened means that the host could not open the dialog.
	ErrNotOpened = errors.New("unable to open the modal")
	// ErrNoModal means that the page is not in a dialog opened by the app.
	ErrNoModal = errors.New("this page is not in a modal")
)
