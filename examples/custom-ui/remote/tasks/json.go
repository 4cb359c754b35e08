package tasks

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"unicode/utf8"
)

const maxBody = 16 << 10

// readJSON reads a body that is one JSON object with known names only. If it cannot, it answers and returns false.
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
	case !utf8.Valid(body):
		// The decoder would silently put replacement characters into a user's text.
		writeError(w, http.StatusBadRequest, "The body is not UTF-8.")
		return false
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil || bytes.TrimSpace(body)[0] != '{' {
		writeError(w, http.StatusBadRequest, "The body is not a JSON object with the fields of this request.")
		return false
	}
	if _, err := decoder.Token(); err != io.EOF {
		writeError(w, http.StatusBadRequest, "The body holds more than one JSON object.")
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
	// Exactly this: the platform refuses errors of another type.
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
