package tasks

import (
	"errors"
	"time"

	"github.com/forgego/forgego/bridge"
)

// refusal is an answer of the backend that is not a success.
type refusal struct {
	status int
	// message is the backend's text for the user; it may be empty.
	message string
	// retryAfter is the wait that the backend asks for, or 0.
	retryAfter time.Duration
	// err is the response's own error, for errors.Is.
	err error
}

func (r *refusal) Error() string { return r.err.Error() }

func (r *refusal) Unwrap() error { return r.err }

// refused reads a response that is not OK.
func refused(response *bridge.Response) *refusal {
	r := &refusal{status: response.Status, retryAfter: response.RetryAfter(), err: response.Err()}
	var body struct {
		Error string `json:"error"`
	}
	// The text of a proxy is not for users.
	if response.JSON(&body) == nil {
		r.message = body.Error
	}
	return r
}

// isGone reports whether the backend answered that there is no such task. A 404 without the backend's text is from a proxy.
func isGone(err error) bool {
	var r *refusal
	return errors.As(err, &r) && r.status == 404 && r.message != ""
}

// badInput returns the refusal if the backend did not accept a name, and nil for other errors.
func badInput(err error) *refusal {
	var r *refusal
	if errors.As(err, &r) && r.status == 400 && r.message != "" {
		return r
	}
	return nil
}
