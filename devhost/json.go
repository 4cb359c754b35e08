package devhost

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"

	"github.com/forgego/forgego/devhost/internal/apierror"
)

// maxInput is the largest size of a request of the product page, in bytes. It is above the platform's own limit for
// requests, so that this limit has its own error.
const maxInput = 16 << 20

// answering serves JSON requests: it calls f with the request and writes what f returns.
func answering[In, Out any](f func(ctx context.Context, in In) (Out, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in In
		if !readInput(w, r, &in) {
			return
		}
		out, err := f(r.Context(), in)
		if err != nil {
			// The status is 200 like that of every other answer. With another status, the browser's console would show an
			// error even if the app handles it.
			writeJSON(w, map[string]*apierror.Error{"error": errorForPage(err)})
			return
		}
		writeJSON(w, out)
	}
}

func errorForPage(err error) *apierror.Error {
	if known := apierror.Of(err); known != nil {
		return known
	}
	out := &apierror.Error{Message: err.Error(), Code: "INTERNAL"}
	switch {
	case errors.Is(err, ErrUnknownRemote):
		out.Code = "UNKNOWN_REMOTE"
	case errors.Is(err, ErrUnknownModule):
		out.Code = "UNKNOWN_MODULE"
	}
	return out
}

// readInput reads a JSON request. If the request is invalid, it writes an error and returns false.
func readInput(w http.ResponseWriter, r *http.Request, v any) bool {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		http.Error(w, "The request's content-type must be application/json.", http.StatusUnsupportedMediaType)
		return false
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxInput))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		http.Error(w, "The request is larger than the local host accepts (16 MB).", http.StatusRequestEntityTooLarge)
		return false
	}
	if err == nil {
		err = json.Unmarshal(body, v)
	}
	if err != nil {
		http.Error(w, "The request is not the JSON that the local host expects.", http.StatusBadRequest)
		return false
	}
	return true
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	json.NewEncoder(w).Encode(v)
}

// mustJSON returns the JSON of a value of our own types, which cannot fail.
func mustJSON(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // The value is of our own types.
	}
	return text
}
