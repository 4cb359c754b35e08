package remote

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"
)

func TestTraceOf(t *testing.T) {
	for given, want := range map[string]string{
		"a523b7549f0b88c9":                 "a523b7549f0b88c9",
		"A523B7549F0B88C9":                 "a523b7549f0b88c9",
		"a523b7549f0b88c9a523b7549f0b88c9": "a523b7549f0b88c9a523b7549f0b88c9",
		"":                                 "",
		"a523b7549f0b88c":                  "",
		"a523b7549f0b88cg":                 "",
		"a523b7549f0b88c\n":                "",
		strings.Repeat("a", 1000):          "",
	} {
		r := &http.Request{Header: http.Header{"X-B3-Traceid": {given}, "X-B3-Spanid": {given}}}
		if got := TraceOf(r); got != (Trace{want, want}) {
			t.Errorf("TraceOf a request with the id %q = %v; want %q", given, got, want)
		}
	}
}

// The log line of a refusal has the trace id, so that the request can be found in the platform's logs.
func TestRefusalLogsTraceID(t *testing.T) {
	var log bytes.Buffer
	v := newVerifier(t, WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	h := authorized("junk")
	h.Set("X-B3-Traceid", "a523b7549f0b88c9")
	call(v, http.MethodGet, h)
	if !strings.Contains(log.String(), "trace=a523b7549f0b88c9") {
		t.Errorf("log %q does not contain the trace id", log.String())
	}
}
