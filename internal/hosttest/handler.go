//go:build !tinygo

package hosttest

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"github.com/forgego/forgego/internal/fetchspec"
)

// see answers with a description of the request.
func see(w http.ResponseWriter, r *http.Request) {
	s := seen{
		Method: r.Method, URI: r.RequestURI, Type: r.Header.Get("Content-Type"), Sent: fetchspec.FromLatin1(r.Header.Get("X-Sent")),
		Cookie: r.Header.Get("Cookie"), Authorization: r.Header.Get("Authorization"),
	}
	if token, ok := strings.CutPrefix(s.Authorization, "Bearer "); ok && strings.Count(token, ".") == 2 {
		s.Authorization = "a token"
	}
	if kind, params, err := mime.ParseMediaType(s.Type); err == nil && kind == "multipart/form-data" {
		s.Type = kind
		if s.Parts, err = partsOf(multipart.NewReader(r.Body, params["boundary"])); err != nil {
			http.Error(w, `{"error":"the form cannot be read"}`, http.StatusBadRequest)
			return
		}
	} else {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		s.Body = string(body)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(s)
}

func partsOf(r *multipart.Reader) ([]part, error) {
	var parts []part
	for {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return parts, nil
		}
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(p)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part{p.Header.Get("Content-Disposition"), p.Header.Get("Content-Type"), strconv.Quote(string(content))})
	}
}

// answerAsAsked answers with the status, content type, location and body from the query. If the query has a size, the
// body is that many bytes of JSON.
func answerAsAsked(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	w.Header()["Content-Type"] = nil
	if kind := q.Get("type"); kind != "" {
		w.Header().Set("Content-Type", kind)
	}
	if location := q.Get("location"); location != "" {
		w.Header().Set("Location", location)
	}
	body := q.Get("body")
	if size, err := strconv.Atoi(q.Get("size")); err == nil && size > 2 {
		body = `"` + strings.Repeat("x", size-2) + `"`
	}
	status, err := strconv.Atoi(q.Get("status"))
	if err != nil {
		status = http.StatusOK
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}
