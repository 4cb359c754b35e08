package i18n

import "errors"

// ErrUnavailable: the translations could not be read. The cause says why; without translations in manifest.yml there are
// none to read.
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
