package tasks

import (
	"io"
	"net/http"
)

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
