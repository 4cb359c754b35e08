package tasks

import (
	"io"
	"net/http"
)

// maxDrain limits the bytes that are read only so that the sender gets its answer.
const maxDrain = 4 * DefaultMaxFile

// drained reads on when next has answered without reading the body to its end. A browser that is still sending when the
// connection ends reports a broken connection, and its user would never see why a file was refused.
func drained(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := r.Body // readJSON puts a limit around it
		next.ServeHTTP(w, r)
		// A sender that waits for "100 Continue" has sent nothing yet, and one that announces more is not worth it.
		if r.Header.Get("Expect") == "" && r.ContentLength <= maxDrain {
			io.CopyN(io.Discard, body, maxDrain)
		}
	})
}
