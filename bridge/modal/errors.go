package modal

import "errors"

var (
	// ErrNotOpened: the host said that it cannot open the dialog.
	ErrNotOpened = errors.New("unable to open the modal")
	// ErrNoModal: the page is not in a dialog that the app has opened.
	ErrNoModal = errors.New("this page is in no modal")
)
