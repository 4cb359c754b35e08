package tasks

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	// It compares names exactly, and refuses duplicate names and text that is not UTF-8.
	jsonv2 "github.com/go-json-experiment/json"

	"github.com/forgego/forgego/remote"
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

// maxDrain limits the bytes that are read only so that the sender gets its answer.
const maxDrain = 4 * DefaultMaxFile

// drained reads the rest of the body if next has answered early. If the connection ends while a browser is still
// sending, the browser reports a broken connection, and the user never sees why a file was refused.
func drained(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := r.Body // readJSON replaces it with a limited one
		next.ServeHTTP(w, r)
		// A sender that waits for "100 Continue" has sent nothing yet. A sender that announces more than maxDrain is
		// not worth it.
		if r.Header.Get("Expect") == "" && r.ContentLength <= maxDrain {
			io.CopyN(io.Discard, body, maxDrain)
		}
	})
}

// logged writes one line per verified request, without tokens and the query. It answers in JSON after a panic.
func logged(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
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
			claims, _ := remote.FromContext(r.Context())
			log.Info("request",
				"method", r.Method, "path", r.URL.Path, "status", answer.status,
				"ms", time.Since(start).Milliseconds(), "installation", claims.InstallationID())
			if p != nil {
				// Half of the answer is sent already. Only a broken connection tells the caller about the failure.
				panic(http.ErrAbortHandler)
			}
		}()
		next.ServeHTTP(answer, r)
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

const maxBody = 16 << 10

// readJSON reads a body that is one JSON object. Each member must have a known name, in the same case, and come once. If
// the body is not that, readJSON answers and returns false.
func readJSON(w http.ResponseWriter, r *http.Request, into any) bool {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		writeError(w, http.StatusRequestEntityTooLarge, "The body is larger than 16 KB.")
		return false
	case err != nil:
		writeError(w, http.StatusBadRequest, "The body did not arrive whole.")
		return false
	}
	// Fetch's json() ignores a byte order mark too.
	body = bytes.TrimPrefix(body, []byte("\uFEFF"))
	if text := bytes.TrimSpace(body); len(text) == 0 || text[0] != '{' {
		writeError(w, http.StatusBadRequest, "The body is not a JSON object.")
		return false
	}
	if err := jsonv2.Unmarshal(body, into, jsonv2.RejectUnknownMembers(true)); err != nil {
		writeError(w, http.StatusBadRequest, "The body is not a JSON object in UTF-8 with the fields of this request, each of them once.")
		return false
	}
	return true
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err) // every value here can be marshalled
	}
	h := w.Header()
	// The type must be exactly this: the platform refuses errors of another type.
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	w.Write(append(data, '\n'))
}

func writeError(w http.ResponseWriter, status int, text string) {
	writeJSON(w, status, map[string]string{"error": text})
}

func notFound(w http.ResponseWriter, _ *http.Request) {
	writeError(w, http.StatusNotFound, "There is nothing at this path.")
}

func methodNotAllowed(allow string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", allow)
		writeError(w, http.StatusMethodNotAllowed, "This path takes "+allow+".")
	})
}
