package tasks

import (
	"log/slog"
	"net/http"
	"time"
)

// NewServer returns a server for a [Service]'s handler, with deadlines for small requests. The handler extends them
// where it needs more time.
func NewServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           drained(handler),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		// The platform waits 25 seconds for an answer.
		WriteTimeout:   25 * time.Second,
		IdleTimeout:    2 * time.Minute,
		MaxHeaderBytes: 64 << 10,
		ErrorLog:       slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
