package tasks

import (
	"errors"
	"time"

	"github.com/forgego/forgego/bridge"
)

// refusal is an answer of the backend that is not a success.
type refusal struct {
	status int
	// message is what the backend says about it, for the user; empty if it says nothing.
	message string
	// retryAfter is how long the backend asks to wait; 0 if it does not say.
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
	// A proxy in between answers in its own words, which are not for users.
	if response.JSON(&body) == nil {
		r.message = body.Error
	}
	return r
}

// isGone reports whether the backend said that there is no such task. A 404 without its words comes from elsewhere.
func isGone(err error) bool {
	var r *refusal
	return errors.As(err, &r) && r.status == 404 && r.message != ""
}

// badInput gives the refusal of a name that the backend does not take; nil if the error is another.
func badInput(err error) *refusal {
	var r *refusal
	if errors.As(err, &r) && r.status == 400 && r.message != "" {
		return r
	}
	return nil
}
