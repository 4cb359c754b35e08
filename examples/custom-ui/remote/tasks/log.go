package tasks

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/forgego/forgego/remote"
)

// logged writes one line per request, without tokens and query, and answers a panic in JSON.
func logged(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		line := &logLine{}
		answer := &statusWriter{ResponseWriter: w}
		defer func() {
			p := recover()
			if p != nil && p != http.ErrAbortHandler {
				log.Error("panic", "value", p, "stack", string(debug.Stack()))
				if answer.status == 0 {
					writeError(answer, http.StatusInternalServerError, serverFault)
					p = nil
				}
			}
			log.Info("request",
				"method", r.Method, "path", r.URL.Path, "status", answer.status,
				"ms", time.Since(start).Milliseconds(), "installation", line.installation)
			if p != nil {
				// Half an answer is out; only a broken connection tells the caller so.
				panic(http.ErrAbortHandler)
			}
		}()
		next.ServeHTTP(answer, r.WithContext(context.WithValue(r.Context(), logKey{}, line)))
	})
}

// logLine is filled in on the way to the handler, where the installation is known.
type logLine struct{ installation string }

type logKey struct{}

// noted puts the installation of a verified request into its log line.
func noted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		line, ok := r.Context().Value(logKey{}).(*logLine)
		if claims, verified := remote.FromContext(r.Context()); ok && verified {
			line.installation = claims.InstallationID()
		}
		next.ServeHTTP(w, r)
	})
}

// statusWriter records the status; 0 until there is one.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(data []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(data)
}

// Unwrap is for http.ResponseController.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
