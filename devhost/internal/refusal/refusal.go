// Package refusal writes responses that say why the local host does not serve a request.
package refusal

import "net/http"

// Write writes a text with an error status. The response must not be stored: the next request may be served.
func Write(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, text, status)
}
