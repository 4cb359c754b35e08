package tasks

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHealthWithoutDatabase(t *testing.T) {
	s := newTestStore(t)
	s.db.Close()
	w := httptest.NewRecorder()
	New(s.db, WithLogger(discard)).Handler(newExchange(t)).ServeHTTP(w, httptest.NewRequest("GET", "/healthz", nil))
	if w.Code != 503 || !strings.Contains(w.Body.String(), `{"error":`) {
		t.Errorf("%d %s; want 503", w.Code, w.Body)
	}
}
