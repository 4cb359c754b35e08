package remote

import (
	"net/http"
	"strings"
)

// Trace is what the platform calls a request in its own logs. Give its TraceID to Atlassian's support. Both are 16 or 32
// hex digits in lower case, or empty.
type Trace struct{ TraceID, SpanID string }

// TraceOf returns the ids of x-b3-traceid and x-b3-spanid. An id that is not of the documented form is empty, so that what
// it returns can be logged. Requests that come by requestRemote need not have any.
//
// Source: developer.atlassian.com/platform/forge/remote/essentials/
func TraceOf(r *http.Request) Trace {
	return Trace{TraceID: traceID(r.Header.Get("X-B3-Traceid")), SpanID: traceID(r.Header.Get("X-B3-Spanid"))}
}

func traceID(text string) string {
	if n := len(text); n != 16 && n != 32 {
		return ""
	}
	text = strings.ToLower(text)
	if strings.Trim(text, "0123456789abcdef") != "" {
		return ""
	}
	return text
}
