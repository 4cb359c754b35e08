package bridge

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"
)

// The kinds of failure, for errors.Is.
var (
	// ErrNoBridge: there is no Forge bridge here. The page is not shown by a product (or by forgego dev), it was not
	// loaded by the shim, or the program does not run in a page at all.
	ErrNoBridge = errors.New("no Forge bridge on this page: open the app inside Jira or Confluence, or run it with \"forgego dev\", and load the program with forgego.js")
	// ErrInvalidRequest: the request cannot be sent as it is. Nothing was sent.
	ErrInvalidRequest = errors.New("invalid request")
	// ErrRejected: the host refused the call or could not carry it out. The cause is a [*HostError].
	ErrRejected = errors.New("the host rejected the call")
	// ErrUnauthorized: the remote answered 401, which on Forge means that it could not verify the Forge Invocation Token;
	// or a product's own API did, for the user who looks at the page.
	ErrUnauthorized = errors.New("the remote could not verify the Forge Invocation Token")
	// ErrTimeout: the platform gave up waiting for the remote, or a [TokenCache] for its source. (A context that ends gives
	// the context's own error.)
	ErrTimeout = errors.New("the remote took too long")
	// ErrNetwork: the remote could not be reached, or, with RequestRemote, its CORS answer does not allow the call.
	ErrNetwork = errors.New("the remote could not be reached")
	// ErrBlocked: the page's policy does not allow it to reach the remote itself, which [Direct] does.
	ErrBlocked = errors.New("the page's policy does not allow it to reach the remote: add \"- remote: KEY\" under permissions.external.fetch.client in manifest.yml, with the remote's key")
	// ErrInvalidResponse: the answer breaks the rules: the remote's towards the platform, or the host's towards the page.
	ErrInvalidResponse = errors.New("invalid response")
	// ErrUnknownRemote: there is no remote with this key, so that no token can be had for it.
	ErrUnknownRemote = errors.New("no remote with this key in manifest.yml")
	// ErrForgotten: [TokenCache.Forget] was called while the call waited for the remote's token. Nothing was sent.
	ErrForgotten = errors.New("the remote's token was forgotten while the call waited for it: call again, if it is still to be done")
	// ErrNoFunctions: the client's host is no [FunctionHost], so that nothing can be subscribed to.
	ErrNoFunctions = errors.New("no functions cross this host, so that it cannot call back")
	// ErrRateLimited: too many calls. A [*RateLimitError] says how long to wait.
	ErrRateLimited = errors.New("too many calls")
)

// Error is a failed call. Its text names the operation, the remote and the cause, and holds no token and no body.
type Error struct {
	// Op is the operation, by the name that Atlassian's documentation uses: "requestRemote", "invokeRemote", "invoke".
	Op string
	// Remote is the remote's key, or the function's for invoke; empty for invokeRemote, whose remote is in the manifest.
	Remote string
	// Status is the HTTP status of the answer, if that is what failed; otherwise 0.
	Status int
	// Err is the cause.
	Err error
}

func (e *Error) Error() string {
	text := "bridge: " + e.Op
	if e.Remote != "" {
		text += " " + string(appendJSONString(nil, e.Remote)) // strconv.Quote would bring the tables of Unicode
	}
	return text + ": " + e.Err.Error()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// RateLimitError is [ErrRateLimited] with the time to wait.
type RateLimitError struct {
	// Limit is how many calls are let through in each Window.
	Limit  int
	Window time.Duration
	// RetryAfter is how long until a call is let through again.
	RetryAfter time.Duration
}

func (e *RateLimitError) Error() string {
	return "too many calls: " + strconv.Itoa(e.Limit) + " in " + e.Window.String() + " are let through; try again in " + e.RetryAfter.String()
}

// Is says that every RateLimitError is [ErrRateLimited].
func (e *RateLimitError) Is(target error) bool { return target == ErrRateLimited }

// kindError is a sentinel with a text that says more.
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

// canceledError is a call that its context ended: errors.Is finds both context.Canceled (or DeadlineExceeded) and the
// cause that the caller gave.
type canceledError struct{ err, cause error }

func (e *canceledError) Error() string   { return e.cause.Error() }
func (e *canceledError) Unwrap() []error { return []error{e.err, e.cause} }

func contextError(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if err == cause {
		return err
	}
	return &canceledError{err, cause}
}

// kind maps the texts of a refusal to a sentinel. The platform gives no codes: the texts are those that
// apis-reference/ui-api-bridge/invokeRemote lists, and the three that Chromium, Firefox and Safari give a failed fetch.
func (e *HostError) kind() error {
	switch {
	case e.Code == "UNKNOWN_REMOTE": // of the local host
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
