package exampleapp

import (
	"io"
	"net/http"
)

// LoseBody cuts an answer's body off behind its first byte, as a network does. The head arrives: without it Chromium would
// send the request again by itself.
func LoseBody(response *http.Response) {
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(response.Body, 1), response.Body}
}
