package tasks

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestPanics(t *testing.T) {
	for _, tt := range []struct {
		name    string
		handler http.HandlerFunc
		aborts  bool
		status  string
	}{
		{"before the answer", func(http.ResponseWriter, *http.Request) { panic("oops") }, false, "status=500"},
		{"in the answer", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "half"); panic("oops") }, true, "status=200"},
		{"on purpose", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, true, "status=0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var log bytes.Buffer
			w := httptest.NewRecorder()
			aborted := func() (aborted bool) {
				defer func() { aborted = recover() == http.ErrAbortHandler }()
				logged(slog.New(slog.NewTextHandler(&log, nil)), tt.handler).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
				return false
			}()
			if aborted != tt.aborts || !strings.Contains(log.String(), tt.status) {
				t.Errorf("aborted %v, log %q; want %v and %s", aborted, log.String(), tt.aborts, tt.status)
			}
			if !tt.aborts && (w.Code != 500 || !strings.Contains(w.Body.String(), `{"error":`)) {
				t.Errorf("%d %s; want a JSON 500", w.Code, w.Body)
			}
		})
	}
}
