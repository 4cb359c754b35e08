package exampleapp

import (
	"io"
	"net/http"
)

// LoseBody cuts off an answer's body after its first byte, as a network can. The head arrives. Without it, Chromium would
// send the request again by itself.
func LoseBody(response *http.Response) {
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(response.Body, 1), response.Body}
}
