// Package bounded reads untrusted input up to a size limit.
package bounded

import (
	"errors"
	"io"
)

// ErrTooLarge means that a stream has more bytes than its limit.
var ErrTooLarge = errors.New("too large")

// ReadAll reads r to its end. If r has more bytes than limit, it returns [ErrTooLarge].
func ReadAll(r io.Reader, limit int) ([]byte, error) {
	b := make([]byte, 0, 512)
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := r.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		switch {
		case len(b) > limit:
			return nil, ErrTooLarge
		case err == io.EOF:
			return b, nil
		case err != nil:
			return b, err
		}
	}
}
