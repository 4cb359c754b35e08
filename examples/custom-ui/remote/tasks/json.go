package tasks

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	// It compares names exactly, and refuses duplicate names and text that is not UTF-8.
	jsonv2 "github.com/go-json-experiment/json"
)

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
