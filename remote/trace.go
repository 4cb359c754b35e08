package remote

import (
	"net/http"
	"strings"
)

// Trace identifies a request in the platform's logs. Send the TraceID to Atlassian's support. Both ids are 16 or 32 hex digits
// in lower case, or empty.
type Trace struct{ TraceID, SpanID string }

// TraceOf returns the ids from the headers x-b3-traceid and x-b3-spanid. An id that does not have the documented form is
// empty, so it is safe to log the result. Requests by requestRemote may have no ids.
//
// Source: https://developer.atlassian.com/platform/forge/remote/essentials/
func TraceOf(r *http.Request) Trace {
	return Trace{TraceID: hexID(r.Header.Get("X-B3-Traceid")), SpanID: hexID(r.Header.Get("X-B3-Spanid"))}
}

// hexID returns a B3 id in lower case, or "" if text is not one.
func hexID(text string) string {
	if n := len(text); n != 16 && n != 32 {
		return ""
	}
	text = strings.ToLower(text)
	if strings.Trim(text, "0123456789abcdef") != "" {
		return ""
	}
	return text
}
