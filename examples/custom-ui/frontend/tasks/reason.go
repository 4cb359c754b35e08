package tasks

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/forgego/forgego/bridge"
)

// reason returns sentences for the user: why a call failed, and what to do.
func (w *Words) reason(err error) string {
	var limited *bridge.RateLimitError
	var refused *refusal
	var rejected *bridge.HostError
	isRefused := errors.As(err, &refused)
	switch {
	case errors.As(err, &limited):
		return w.Text("reason.limited", "wait", w.seconds(limited.RetryAfter))
	case errors.Is(err, bridge.ErrRateLimited) && isRefused && refused.retryAfter > 0:
		return w.Text("reason.limited", "wait", w.seconds(refused.retryAfter))
	case errors.Is(err, bridge.ErrRateLimited):
		return w.Text("reason.limitedAMinute")
	case errors.Is(err, bridge.ErrUnauthorized):
		return w.Text("reason.unauthorized")
	case isRefused:
		return w.refused(refused)
	case errors.Is(err, errTooSlow):
		return w.Text("reason.fileTooSlow", "time", w.seconds(fileTimeout))
	case errors.Is(err, context.DeadlineExceeded):
		return w.Text("reason.tooSlow", "time", w.seconds(callTimeout))
	case errors.Is(err, bridge.ErrTimeout):
		return w.Text("reason.timeout")
	case errors.Is(err, bridge.ErrNetwork):
		return w.Text("reason.network")
	case errors.Is(err, bridge.ErrNoBridge):
		return w.Text("reason.noBridge")
	case errors.Is(err, bridge.ErrBlocked):
		return w.Text("reason.blocked", "remote", RemoteKey)
	case errors.Is(err, bridge.ErrUnknownRemote):
		return w.Text("reason.unknownRemote", "remote", RemoteKey)
	case errors.Is(err, bridge.ErrInvalidResponse):
		return w.Text("reason.invalid")
	case errors.As(err, &rejected):
		return sentence(w.Text("reason.rejected", "message", rejected.Error()))
	}
	return sentence(w.Text("reason.other", "message", err.Error()))
}

// refused returns the backend's message, which is English. In other languages the page has its own texts for the most frequent
// messages.
func (w *Words) refused(r *refusal) string {
	switch {
	case r.message == "":
		return w.Text("reason.refusedWithout", "status", strconv.Itoa(r.status))
	case r.status == 404:
		return sentence(w.Text("reason.gone", "message", r.message))
	case r.status == 413:
		return sentence(w.Text("reason.tooLarge", "message", r.message))
	}
	return sentence(w.Text("reason.refused", "message", r.message))
}

// sentence adds a full stop to text if it has no punctuation mark at its end.
func sentence(text string) string {
	text = strings.TrimSpace(text)
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}
