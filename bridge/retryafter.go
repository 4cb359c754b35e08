package bridge

import (
	"math"
	"time"
)

// RetryAfter returns how long to wait before the request is sent again, by the answer's header Retry-After: a number of
// seconds, or a date. A date is compared with the answer's own Date if the page may read that. RetryAfter returns 0 if
// the header is missing or the date has passed. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
//
// A page can read the header only if the remote names it in Access-Control-Expose-Headers, as package remote does.
func (r *Response) RetryAfter() time.Duration { return retryAfter(r.Header) }

// RetryAfter is like [Response.RetryAfter].
func (e *StatusError) RetryAfter() time.Duration { return retryAfter(e.Header) }

func retryAfter(h Header) time.Duration {
	value := h.Get("Retry-After")
	if seconds, ok := digits(value, math.MaxInt64/time.Second); ok {
		return seconds * time.Second
	}
	at, ok := httpDate(value)
	if !ok {
		return 0
	}
	// Use the remote's clock, because this machine's may be wrong.
	now, ok := httpDate(h.Get("Date"))
	if !ok {
		now = time.Now()
	}
	return max(0, at.Sub(now))
}

// httpDate parses a date in any of the three forms of HTTP.
// https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats
func httpDate(text string) (date time.Time, ok bool) {
	for _, layout := range [...]string{"Mon, 02 Jan 2006 15:04:05 GMT", "Monday, 02-Jan-06 15:04:05 GMT", time.ANSIC} {
		if date, err := time.Parse(layout, text); err == nil {
			return date, true
		}
	}
	return time.Time{}, false
}

// digits returns the number in text, but at most most, which must be at most a tenth of the largest int64. It reports
// false if text has other characters than digits, or none.
func digits(text string, most time.Duration) (n time.Duration, ok bool) {
	for i := range len(text) {
		c := text[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		n = min(10*n+time.Duration(c-'0'), most)
	}
	return n, text != ""
}
