package tasks

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/forgego/forgego/bridge"
)

// reason says in sentences for the user why a call failed and what helps.
func reason(err error) string {
	var limited *bridge.RateLimitError
	var refused *refusal
	var rejected *bridge.HostError
	isRefused := errors.As(err, &refused)
	switch {
	case errors.As(err, &limited):
		return "Too many requests in a short time. Try again in " + wait(limited.RetryAfter) + "."
	case errors.Is(err, bridge.ErrRateLimited) && isRefused && refused.retryAfter > 0:
		return "Too many requests in a short time. Try again in " + wait(refused.retryAfter) + "."
	case errors.Is(err, bridge.ErrRateLimited):
		return "Too many requests in a short time. Try again in a minute."
	case errors.Is(err, bridge.ErrUnauthorized):
		return "The task service could not verify that the request comes from this app. Reload the page; if that does not help, tell your administrator."
	case isRefused && refused.message != "":
		return sentence(refused.message)
	case isRefused:
		return fmt.Sprintf("The task service answered with an error (%d). Try again in a moment; if that does not help, tell your administrator.", refused.status)
	case errors.Is(err, errTooSlow):
		return "It took longer than " + wait(fileTimeout) + ". Try again with a faster connection or a smaller file."
	case errors.Is(err, context.DeadlineExceeded):
		return "The task service did not answer within " + wait(callTimeout) + ". Try again."
	case errors.Is(err, bridge.ErrTimeout):
		return "The task service took too long to answer. Try again."
	case errors.Is(err, bridge.ErrNetwork):
		return "The task service could not be reached. Check your connection and try again."
	case errors.Is(err, bridge.ErrNoBridge):
		return "This page has no connection to Jira or Confluence. Open the app there, or run it with “forgego dev”."
	case errors.Is(err, bridge.ErrBlocked):
		return "This page’s policy does not let it reach the task service by itself. Choose another way to send, or add “- remote: " + RemoteKey + "” under permissions.external.fetch.client in manifest.yml."
	case errors.Is(err, bridge.ErrUnknownRemote):
		return "Neither the product nor the task service gives this page a token for the remote “" + RemoteKey + "”. Choose another way to send, or tell your administrator."
	case errors.Is(err, bridge.ErrInvalidResponse):
		return "The task service gave an answer that this page does not understand. Reload the page; if that does not help, tell your administrator."
	case errors.As(err, &rejected):
		return sentence("The request was not passed on: " + rejected.Error())
	}
	return sentence("Something went wrong: " + err.Error())
}

// wait puts a time to wait in words, rounded up to whole seconds.
func wait(d time.Duration) string {
	n := max(1, int64((d+time.Second-1)/time.Second))
	if n == 1 {
		return "1 second"
	}
	return fmt.Sprintf("%d seconds", n)
}

// sentence ends text with a full stop if it ends without any mark.
func sentence(text string) string {
	text = strings.TrimSpace(text)
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}
