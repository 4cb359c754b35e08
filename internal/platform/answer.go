package platform

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/forgego/forgego/internal/utf8text"
)

// readAnswer applies the platform's rules for responses. A 2xx needs no body, but a body must be JSON. Any other
// status needs a JSON body and, if there is a content type, application/json. The platform handles 401 itself. A
// redirect is treated like any other status.
func readAnswer(resp *http.Response) (*Answer, error) {
	if resp.StatusCode == http.StatusUnauthorized {
		return nil, TokenRefused()
	}
	ok := resp.StatusCode >= 200 && resp.StatusCode < 300
	if contentType := resp.Header.Get("Content-Type"); !ok && contentType != "" && !isJSON(contentType) {
		return nil, wrongType(contentType, resp.StatusCode)
	}
	body, err := readBody(resp)
	if err != nil {
		return nil, err
	}
	body = utf8text.TrimMark(body)
	if len(body) == 0 {
		if !ok {
			return nil, notJSON(resp.StatusCode, "The remote answered without a body. A status outside 2xx needs a JSON body.")
		}
		body = nil
	} else if !json.Valid(body) {
		return nil, notJSON(resp.StatusCode, "The remote's body is not JSON.")
	}
	header := make(map[string][]string, len(resp.Header))
	for name, values := range resp.Header {
		header[strings.ToLower(name)] = values
	}
	return &Answer{Status: resp.StatusCode, Header: header, Body: body}, nil
}

// readBody reads a body within the platform's limit.
func readBody(resp *http.Response) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxResponse+1))
	if err != nil {
		return nil, networkError(err)
	}
	if len(body) > MaxResponse {
		return nil, responseTooLarge()
	}
	return body, nil
}

// isJSON accepts parameters, such as a charset: frameworks add one, and Atlassian's documentation only mentions the
// type.
func isJSON(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && kind == "application/json"
}
