package tasks

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/i18n"
	"github.com/forgego/forgego/examples/custom-ui/locales"
)

// Words holds the page's texts in one language, by the keys of the files in the folder locales.
type Words struct {
	lookup func(key string) (string, bool)
}

// english holds the texts that are part of the program.
var english = func() *Words {
	var content i18n.Content
	if err := json.Unmarshal(locales.English, &content); err != nil {
		panic("locales/en-US.json: " + err.Error())
	}
	return &Words{content.Lookup}
}()

// English returns the English texts, which are part of the program.
func English() *Words { return english }

// Text returns the text for a key, with its placeholders replaced: values holds the names and values of placeholders in
// turn. For a key without a text it returns the key; the tests check that this does not happen.
func (w *Words) Text(key string, values ...string) string {
	text, ok := w.lookup(key)
	if !ok {
		return key
	}
	pairs := make([]string, len(values))
	for i, v := range values {
		if i%2 == 0 {
			v = "{" + v + "}"
		}
		pairs[i] = v
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// Count returns the text for n. A key has one text for 1 and one for other numbers, which is enough for English and German. {n}
// is the placeholder of the number.
func (w *Words) Count(key string, n int64, values ...string) string {
	form := ".other"
	if n == 1 {
		form = ".one"
	}
	return w.Text(key+form, append([]string{"n", strconv.FormatInt(n, 10)}, values...)...)
}

// Language returns the language's tag, such as "en".
func (w *Words) Language() string { return w.Text("lang") }

// quoted returns a name in quotation marks, shortened if it is long.
func (w *Words) quoted(name string) string {
	const most = 80
	characters := []rune(name)
	if len(characters) > most {
		name = strings.TrimSpace(string(characters[:most-1])) + "…"
	}
	return w.Text("quoted", "text", name)
}

// seconds returns the text for a duration, rounded up to whole seconds.
func (w *Words) seconds(d time.Duration) string {
	return w.Count("seconds", max(1, int64((d+time.Second-1)/time.Second)))
}

// Size returns the text for a size, such as "1 byte" or "2.4 MB". A megabyte has 1024 · 1024 bytes. Size rounds up, so that a
// file that is one byte too large does not seem to fit.
func (w *Words) Size(size int64) string {
	switch {
	case size < 1<<10:
		return w.Count("file.size", size)
	case size <= 1023<<10:
		return w.tenths(size, 1<<10) + " KB"
	}
	return w.tenths(size, 1<<20) + " MB"
}

// tenths returns the number of units with one decimal, or without it if it is 0 or the number has three digits.
func (w *Words) tenths(n, unit int64) string {
	t := (n*10 + unit - 1) / unit
	if t%10 == 0 || t >= 1000 {
		return strconv.FormatInt((t+9)/10, 10)
	}
	return strconv.FormatInt(t/10, 10) + w.Text("decimal") + strconv.FormatInt(t%10, 10)
}

// Summary counts the tasks that are done; empty if there are no tasks.
func (w *Words) Summary(s State) string {
	if len(s.Rows) == 0 {
		return ""
	}
	done := 0
	for _, r := range s.Rows {
		if r.Task.Done {
			done++
		}
	}
	return w.Text("page.summary", "done", strconv.Itoa(done), "all", strconv.Itoa(len(s.Rows)))
}

// Live returns the text that describes how the list is kept current.
func (w *Words) Live(l Liveness) string {
	switch l {
	case Live:
		return w.Text("live.on")
	case Reconnecting:
		return w.Text("live.reconnecting")
	}
	return w.Text("live.off")
}

// trip returns the way and duration of the last call, such as "by requestRemote in 12 ms".
func (w *Words) trip(a *api) string {
	ms := max(1, a.took.Round(time.Millisecond).Milliseconds())
	return w.Text("trip", "way", a.way.String(), "ms", strconv.FormatInt(ms, 10))
}

// reason returns sentences for the user: why a call failed, and what to do.
func (p *Page) reason(err error) string { return p.words.reasonFor(err, p.isOffline.Load()) }

// reasonFor returns the reason for an error in a browser that may be offline.
func (w *Words) reasonFor(err error, isOffline bool) string {
	if isOffline && (errors.Is(err, bridge.ErrNetwork) || isHostGone(err) || errors.Is(err, context.DeadlineExceeded)) {
		return w.Text("reason.offline")
	}
	return w.reason(err)
}

// isHostGone reports whether the product's page could not reach its own server. Only "forgego dev" reports this.
func isHostGone(err error) bool {
	host, ok := errors.AsType[*bridge.HostError](err)
	return ok && host.Code == "HOST_GONE"
}

func (w *Words) reason(err error) string {
	var limited *bridge.RateLimitError
	var refused *bridge.StatusError
	var rejected *bridge.HostError
	isRefused := errors.As(err, &refused)
	switch {
	case errors.As(err, &limited):
		return w.Text("reason.limited", "wait", w.seconds(limited.RetryAfter))
	case errors.Is(err, bridge.ErrRateLimited) && isRefused && refused.RetryAfter() > 0:
		return w.Text("reason.limited", "wait", w.seconds(refused.RetryAfter()))
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
	case isHostGone(err):
		return w.Text("reason.hostGone")
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
func (w *Words) refused(r *bridge.StatusError) string {
	switch {
	case r.Message == "":
		return w.Text("reason.refusedWithout", "status", strconv.Itoa(r.Status))
	case r.Status == 404:
		return sentence(w.Text("reason.gone", "message", r.Message))
	case r.Status == 413:
		return sentence(w.Text("reason.tooLarge", "message", r.Message))
	}
	return sentence(w.Text("reason.refused", "message", r.Message))
}

// sentence adds a full stop to text if it has no punctuation mark at its end.
func sentence(text string) string {
	text = strings.TrimSpace(text)
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}
