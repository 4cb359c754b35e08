// Package bounded reads what a stranger sends, up to a limit.
package bounded

import (
	"io"
	"strconv"
)

// TooLargeError is a body that has more bytes than its limit.
type TooLargeError struct{ Limit int64 }

func (e *TooLargeError) Error() string {
	return "the body has more than " + strconv.FormatInt(e.Limit, 10) + " bytes"
}

// ReadAll reads r to its end. If r has more bytes than limit, it returns a [*TooLargeError].
func ReadAll(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit))
	if err != nil || int64(len(data)) < limit {
		return data, err
	}
	var more [1]byte
	if _, err := io.ReadFull(r, more[:]); err == io.EOF {
		return data, nil
	} else if err != nil {
		return nil, err
	}
	return nil, &TooLargeError{limit}
}
