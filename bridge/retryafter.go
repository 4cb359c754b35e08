package bridge

import (
	"math"
	"time"
)

// RetryAfter returns how long the remote asks to wait before the request is made again, by the answer's Retry-After: a number
// of seconds, or a date, which is compared with the answer's own Date if the page may see that. It returns 0 if there is
// none, or if the date has passed. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
//
// A page sees the field only if the remote names it in Access-Control-Expose-Headers, as package remote does.
func (r *Response) RetryAfter() time.Duration {
	value := r.Header.Get("Retry-After")
	if seconds, ok := digits(value, math.MaxInt64/time.Second); ok {
		return seconds * time.Second
	}
	at, ok := httpDate(value)
	if !ok {
		return 0
	}
	// By the remote's own clock, since this machine's may be wrong.
	now, ok := httpDate(r.Header.Get("Date"))
	if !ok {
		now = time.Now()
	}
	return max(0, at.Sub(now))
}

// httpDate reads a date in any of the three forms that HTTP has. https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats
func httpDate(text string) (date time.Time, ok bool) {
	for _, layout := range [...]string{"Mon, 02 Jan 2006 15:04:05 GMT", "Monday, 02-Jan-06 15:04:05 GMT", time.ANSIC} {
		if date, err := time.Parse(layout, text); err == nil {
			return date, true
		}
	}
	return time.Time{}, false
}

// digits returns the number that text is, or most if it is larger, which must be at most the tenth of an int64. It reports false if text is not only digits.
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
