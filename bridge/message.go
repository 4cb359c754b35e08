package bridge

import (
	"errors"
	"strconv"
	"time"

	"github.com/forgego/forgego/internal/usercode"
)

// Message returns a text about err for the app's user, in English: what the backend said (the Message of a
// [*StatusError]), or a sentence for the kind of failure. It does not name operations and remotes, as the text of the error
// does. The notice of package wasm shows this text.
//
// An error of the app keeps its own text. If it wraps an error of this package, as by fmt.Errorf with %w, the text of the
// wrapped error is replaced. An error type of the app may have a text of its own for the user, by a method UserMessage()
// string.
//
// For another language, use errors.Is with the kinds of failure.
func Message(err error) string { return usercode.Message(err) }

// UserMessage returns the text for [Message].
func (e *Error) UserMessage() string {
	if status, ok := errors.AsType[*StatusError](e.Err); ok {
		return status.UserMessage()
	}
	if p, ok := errors.AsType[*usercode.PanicError](e.Err); ok {
		return p.UserMessage()
	}
	switch is := func(kind error) bool { return errors.Is(e.Err, kind) }; {
	case is(ErrRateLimited):
		if limited, ok := errors.AsType[*RateLimitError](e.Err); ok {
			return tooMany(limited.RetryAfter)
		}
		return tooMany(0)
	case is(ErrNetwork):
		if isOffline() {
			return "You are offline. Try again when you are online."
		}
		return "The app’s server could not be reached. Try again."
	case is(ErrTimeout):
		return tooLate
	case is(ErrUnauthorized):
		return notAccepted
	case is(ErrBlocked):
		return "This page may not reach the app’s server."
	case is(ErrUnknownRemote):
		return "The app’s server is not known."
	case is(ErrForgotten):
		return "The request was not sent. Try again."
	case is(ErrNoBridge):
		return "This page works only inside a product, such as Jira or Confluence."
	case is(ErrInvalidRequest):
		return "The app made a request that cannot be sent."
	case is(ErrInvalidResponse):
		return "The app did not understand the answer."
	case is(ErrRejected):
		if refused, ok := errors.AsType[*HostError](e.Err); ok && refused.Message != "" {
			return refused.Message
		}
		return "The product refused the request."
	}
	return usercode.Message(e.Err)
}

const (
	tooLate     = "The app’s server took too long to answer. Try again."
	notAccepted = "You are not signed in to the app’s server. Reload the page."
)

// tooMany returns the message for too many calls. wait is how long to wait, or 0.
func tooMany(wait time.Duration) string {
	if wait <= 0 {
		return "Too many requests. Try again later."
	}
	return "Too many requests. Try again in " + strconv.Itoa(int((wait+time.Second-1)/time.Second)) + " s."
}

// UserMessage returns the text for [Message].
func (e *StatusError) UserMessage() string {
	who := "The app’s server"
	if e.product {
		who = "The product"
	}
	switch {
	case e.Message != "":
		return e.Message
	case e.Status == 401 && !e.product:
		return notAccepted
	case e.Status == 401, e.Status == 403:
		return "You are not allowed to do this."
	case e.Status == 404, e.Status == 410:
		return "It was not found."
	case e.Status == 408, e.Status == 504:
		return tooLate
	case e.Status == 409, e.Status == 412:
		return "It has changed in the meantime. Reload the page."
	case e.Status == 413:
		return "It is too large."
	case e.Status == 429:
		return tooMany(0) // RetryAfter reads dates, which would be 5 KB of every program
	case e.Status >= 500:
		return who + " has a problem. Try again later."
	}
	return who + " refused the request (" + strconv.Itoa(e.Status) + ")."
}
