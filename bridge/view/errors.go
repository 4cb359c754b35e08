package view

import "errors"

// Errors for commands that have no meaning in the place that shows the app.
var (
	// ErrNotSubmittable means that the place that shows the app takes no value. See [Submit].
	ErrNotSubmittable = errors.New("this resource's view is not submittable")
	// ErrNotClosable means that the place that shows the app cannot be closed. See [Close] and [OnClose].
	ErrNotClosable = errors.New("this resource's view is not closable")
	// ErrNotOpenable means that there is nothing to open. See [Open].
	ErrNotOpenable = errors.New("this resource's view is not openable")
	// ErrNotRefreshable means that the page around the app cannot fetch its data again. See [Refresh].
	ErrNotRefreshable = errors.New("this resource's view is not refreshable")
	// ErrNoHistory means that the host keeps no history for this place. See [NewHistory].
	ErrNoHistory = errors.New("there is no history for this view")
	// ErrNoRenderer means that the page around the app is not known, or has no renderer. See
	// [NewIframeProps].
	ErrNoRenderer = errors.New("there is no page around the app that renders documents")
)
