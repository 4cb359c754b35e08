package devhost

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	// beat is how often a page without changes gets a comment, so that the server notices pages that are gone.
	beat = 15 * time.Second
	// maxErrorReport is the size of the largest report of a page's errors, in bytes, and maxErrorTexts is how many one has.
	maxErrorReport = 2 << 20
	maxErrorTexts  = 100
)

// serveEvents sends the version and the problems, and each change of them, until the page is gone.
func (s *TunnelServer) serveEvents(w http.ResponseWriter, r *http.Request, t *tunnelResource) {
	page := make(chan []byte, 1)
	s.mu.Lock()
	t.pages[page] = true
	page <- s.encode(pageMessage{Version: s.version(t)})
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(t.pages, page)
	}()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	for {
		var err error
		select {
		case <-r.Context().Done():
			return
		case text := <-page:
			_, err = fmt.Fprintf(w, "data: %s\n\n", text)
		case <-ticker.C:
			_, err = io.WriteString(w, ":\n\n")
		}
		if err != nil || out.Flush() != nil {
			return
		}
	}
}

// serveErrors reports the errors of a page.
func (s *TunnelServer) serveErrors(w http.ResponseWriter, r *http.Request, t *tunnelResource) {
	var list []struct {
		Name, Text string
		Count      int
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxErrorReport)).Decode(&list); err != nil || len(list) > maxErrorTexts {
		http.Error(w, "This is not a list of errors.", http.StatusBadRequest)
		return
	}
	for _, e := range list {
		if e.Count < 1 {
			http.Error(w, "An error without a count.", http.StatusBadRequest)
			return
		}
	}
	for _, e := range list {
		s.report(Event{Time: time.Now(), Type: EventPageError, Name: e.Name, Module: t.key, Text: e.Text, Count: e.Count})
	}
	w.WriteHeader(http.StatusNoContent)
}
