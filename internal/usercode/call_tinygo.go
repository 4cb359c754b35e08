//go:build tinygo

package usercode

// Call calls f and then done, which may be nil, with the error that f returned.
func Call(f func() error, done func(err error)) {
	err := f()
	if done != nil {
		done(err)
	}
}
