package platform

import (
	"fmt"
	"strconv"
	"time"
)

// Code is a fixed word for the reason why a call failed. Atlassian documents only texts; the codes are ours.
type Code string

// The codes of an Error.
const (
	InvalidRequest   Code = "INVALID_REQUEST"
	RequestTooLarge  Code = "REQUEST_TOO_LARGE"
	ResponseTooLarge Code = "RESPONSE_TOO_LARGE"
	Unauthorized     Code = "REMOTE_UNAUTHORIZED"
	InvalidResponse  Code = "INVALID_RESPONSE"
	NetworkError     Code = "REMOTE_NETWORK_ERROR"
	TimedOut         Code = "REMOTE_TIMEOUT"
)

// Error is a call that the platform rejects.
type Error struct {
	Code Code
	// Name is the JavaScript error's name; empty means "Error".
	Name string
	// Message is the text with which the app's promise rejects: the platform's own text if Atlassian documents one.
	Message string
	// Detail has more information for the developer. The app does not get it.
	Detail string
	// Err is the cause, or nil.
	Err error
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// unexpected is the platform's text for errors without a text of their own.
const unexpected = "An unexpected error happened"

func invalidRequest(format string, args ...any) *Error {
	return &Error{Code: InvalidRequest, Message: fmt.Sprintf(format, args...)}
}

func requestTooLarge(size int) *Error {
	return &Error{Code: RequestTooLarge, Message: unexpected,
		Detail: fmt.Sprintf("The body has %d bytes. The platform accepts at most %d (500 KB).", size, MaxRequest)}
}

func responseTooLarge() *Error {
	return &Error{Code: ResponseTooLarge, Message: unexpected,
		Detail: fmt.Sprintf("The response's body has more than %d bytes (5 MB), the platform's limit.", MaxResponse)}
}

// TokenRefused is the error for a remote that answered 401.
func TokenRefused() *Error {
	return &Error{Code: Unauthorized, Message: "Remote could not verify the Forge Invocation Token",
		Detail: "The remote answered 401. The platform reserves that status for a bad Forge Invocation Token; use 403 for your own refusals."}
}

func wrongType(contentType string, status int) *Error {
	return &Error{Code: InvalidResponse,
		Message: fmt.Sprintf("Invalid response from remote - content-type header must be set to application/json and is currently: %s. Status: %d.", contentType, status)}
}

func notJSON(status int, detail string) *Error {
	return &Error{Code: InvalidResponse, Detail: detail,
		Message: fmt.Sprintf("Invalid response from remote - cannot parse body as JSON. Status: %d.", status)}
}

func networkError(err error) *Error {
	return &Error{Code: NetworkError, Message: "Invalid response from remote - remote network error", Detail: err.Error(), Err: err}
}

// TimeIsUp is the error for a remote that took longer than the limit.
func TimeIsUp(limit time.Duration, err error) *Error {
	return &Error{Code: TimedOut, Err: err,
		Message: "Remote invocation timed out after " + strconv.FormatFloat(limit.Seconds(), 'f', -1, 64) + " seconds"}
}
