package tasks

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/forgego/forgego/remote"
)

// logged writes one line per request, without tokens and the query. It answers in JSON after a panic.
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
				// Half of the answer is sent already. Only a broken connection tells the caller about the failure.
				panic(http.ErrAbortHandler)
			}
		}()
		next.ServeHTTP(answer, r.WithContext(context.WithValue(r.Context(), logKey{}, line)))
	})
}

// logLine is filled in by the inner handler, which knows the installation.
type logLine struct{ installation string }

type logKey struct{}

// noted adds the installation of a verified request to its log line.
func noted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		line, ok := r.Context().Value(logKey{}).(*logLine)
		if claims, verified := remote.FromContext(r.Context()); ok && verified {
			line.installation = claims.InstallationID()
		}
		next.ServeHTTP(w, r)
	})
}

// statusWriter records the status, which is 0 until it is sent.
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
