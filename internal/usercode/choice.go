package usercode

import "errors"

// Choice is an error that reports what the app's user has chosen, such as to close a dialog. A handler may return it. It is
// not shown, because the user knows.
type Choice string

func (c Choice) Error() string { return string(c) }

// IsChoice reports whether there is a [Choice] in the chain of err.
func IsChoice(err error) (is bool) {
	// A method of the app's error may panic.
	Call(func() error {
		_, is = errors.AsType[Choice](err)
		return nil
	}, nil)
	return is
}
