package bridge

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/forgego/forgego/bridge/internal/limit"
)

// The kinds of failure, for errors.Is.
var (
	// ErrNoBridge means that there is no Forge bridge: no product (and no "forgego dev") shows the page, the shim did
	// not load the program, or the program does not run in a page.
	ErrNoBridge = errors.New("no Forge bridge on this page: open the app inside Jira or Confluence, or run it with \"forgego dev\", and load the program with forgego.js")
	// ErrInvalidRequest means that the request cannot be sent as it is. Nothing was sent.
	ErrInvalidRequest = errors.New("invalid request")
	// ErrRejected means that the host refused the call or failed to carry it out. The cause is a [*HostError].
	ErrRejected = errors.New("the host rejected the call")
	// ErrUnauthorized means that the remote answered 401: it could not verify the Forge Invocation Token. A product's
	// own API also answers 401, if it does not accept the user.
	ErrUnauthorized = errors.New("the remote could not verify the Forge Invocation Token")
	// ErrTimeout means that the platform stopped waiting for the remote, or that a [TokenCache] stopped waiting for its
	// source. (If a context ends, the error is that of the context.)
	ErrTimeout = errors.New("the remote took too long")
	// ErrNetwork means that the remote could not be reached or, with RequestRemote, that its CORS headers do not allow
	// the call.
	ErrNetwork = errors.New("the remote could not be reached")
	// ErrBlocked means that the page's policy does not let the page itself reach the remote, as [WithDirect] does.
	ErrBlocked = errors.New("the page's policy does not allow it to reach the remote: add \"- remote: KEY\" under permissions.external.fetch.client in manifest.yml, with the remote's key")
	// ErrInvalidResponse means that the answer breaks the rules: the remote's answer to the platform, or the host's
	// answer to the page.
	ErrInvalidResponse = errors.New("invalid response")
	// ErrUnknownRemote means that no remote has this key, so there is no token for it.
	ErrUnknownRemote = errors.New("no remote with this key in manifest.yml")
	// ErrForgotten means that [TokenCache.Forget] was called while the call waited for the remote's token, or before it
	// could be sent again. The remote has not accepted the call.
	ErrForgotten = errors.New("the remote's token was forgotten while the call waited for it: repeat the call if it is still needed")
	// ErrNoFunctions means that the client's host is not a [FunctionHost], so it cannot call back.
	ErrNoFunctions = errors.New("this host does not support callbacks")
	// ErrRateLimited means that there were too many calls. A [*RateLimitError] says how long to wait.
	ErrRateLimited = errors.New("too many calls")
)

// Error is a failed call. Its text names the operation, the remote and the cause. The text holds no token and, but for the
// message of a [*StatusError], nothing of a body.
type Error struct {
	// Op is the operation, named as in Atlassian's documentation: "requestRemote", "invokeRemote", "invoke".
	Op string
	// Remote is the remote's key or, for invoke, the function's key. It is empty for invokeRemote, whose remote is set
	// in the manifest.
	Remote string
	// Status is the HTTP status of the answer, if the answer is the failure: its status is outside 200–299, or its body does
	// not fit. It is 0 if there is no answer, and may be 0 if the body could not be read.
	Status int
	// Err is the cause. If a remote or a product answered with a status outside 200–299, it is a [*StatusError].
	Err error
}

func (e *Error) Error() string {
	text := "bridge: " + e.Op
	if e.Remote != "" {
		text += " " + string(appendJSONString(nil, e.Remote)) // strconv.Quote would link Unicode tables
	}
	return text + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// RateLimitError is an [ErrRateLimited] with the time to wait.
type RateLimitError struct {
	// At most Limit calls are allowed in each Window.
	Limit  int
	Window time.Duration
	// RetryAfter is the time until the next call is allowed.
	RetryAfter time.Duration
}

func (e *RateLimitError) Error() string {
	return "too many calls: the limit is " + strconv.Itoa(e.Limit) + " in " + e.Window.String() + "; try again in " + e.RetryAfter.String()
}

// Is reports whether target is [ErrRateLimited].
func (e *RateLimitError) Is(target error) bool { return target == ErrRateLimited }

// take counts a call. If there were too many calls, it returns a [*RateLimitError].
func take(l *limit.Limiter) error {
	if wait := l.Take(); wait > 0 {
		return &RateLimitError{Limit: limit.Calls, Window: limit.Window, RetryAfter: wait}
	}
	return nil
}

// kindError is a sentinel error with a more precise text.
type kindError struct {
	kind error
	text string
}

func (e *kindError) Error() string { return e.text }
func (e *kindError) Unwrap() error { return e.kind }

func invalidRequest(field, problem string) error {
	return &kindError{ErrInvalidRequest, "invalid request: " + field + ": " + problem}
}

func invalidResponse(problem string) error {
	return &kindError{ErrInvalidResponse, "invalid response from the host: " + problem}
}

// kind returns the sentinel for the text of a refusal, since the platform sends no codes. The texts are those of
// https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/invokeRemote/ and those of a failed fetch
// in Chromium, Firefox and Safari.
func (e *HostError) kind() error {
	switch {
	case e.Code == "UNKNOWN_REMOTE": // sent by the local host
		return ErrUnknownRemote
	case e.Message == "Remote could not verify the Forge Invocation Token":
		return ErrUnauthorized
	case strings.HasPrefix(e.Message, "Remote invocation timed out"):
		return ErrTimeout
	case e.Message == "Invalid response from remote - remote network error":
		return ErrNetwork
	case strings.HasPrefix(e.Message, "Invalid response from remote"):
		return ErrInvalidResponse
	case e.Name != "TypeError":
		return ErrRejected
	}
	switch e.Message {
	case "Failed to fetch", "NetworkError when attempting to fetch resource.", "Load failed":
		return ErrNetwork
	}
	return ErrRejected
}
