package i18n

import "errors"

// ErrUnavailable means that the translations could not be read, for example because manifest.yml has no translations.
// The cause says why.
var ErrUnavailable = errors.New("the translations could not be read")

// unavailableError is ErrUnavailable with its cause.
type unavailableError struct {
	what  string
	cause error
}

func (e *unavailableError) Error() string {
	return ErrUnavailable.Error() + ": " + e.what + ": " + e.cause.Error()
}

func (e *unavailableError) Unwrap() []error { return []error{ErrUnavailable, e.cause} }
