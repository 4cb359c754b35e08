package pagefetch

import (
	"compress/gzip"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"
)

// Unpack makes a response's body decompress while it is read, as in a browser. The header stays as it was received.
func Unpack(resp *http.Response) {
	if strings.EqualFold(resp.Header.Get("Content-Encoding"), "gzip") {
		resp.Body = &gzipBody{packed: resp.Body}
	}
}

// gzipBody does not read from the response before its own Read is called.
type gzipBody struct {
	packed   io.ReadCloser
	unpacked *gzip.Reader
	err      error
}

func (b *gzipBody) Read(p []byte) (int, error) {
	if b.unpacked == nil && b.err == nil {
		b.unpacked, b.err = gzip.NewReader(b.packed)
	}
	if b.err != nil {
		return 0, b.err
	}
	return b.unpacked.Read(p)
}

func (b *gzipBody) Close() error { return b.packed.Close() }

// Answer is the answer to the command fetchRemote, without its body.
type Answer struct {
	Status     int    `json:"status"`
	StatusText string `json:"statusText"`
	// Header has lower-case names and joined values.
	Header map[string]string `json:"headers"`
	// IsAttachment means that the body is a data URL. It is set for every body that is not text.
	IsAttachment bool `json:"isAttachment"`
}

// ReadAnswer reads the remote's response to its end and returns the answer and its body: text unchanged,
// anything else as a data URL. Every error is a *platform.Error.
func ReadAnswer(resp *http.Response) (Answer, string, error) {
	Unpack(resp)
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return Answer{}, "", Failed(err)
	}
	contentType := resp.Header.Get("Content-Type")
	answer := Answer{
		Status:       resp.StatusCode,
		StatusText:   http.StatusText(resp.StatusCode),
		Header:       ReadableHeader(resp.Header),
		IsAttachment: !isText(contentType) || !utf8.Valid(data),
	}
	switch {
	case !answer.IsAttachment:
		return answer, string(data), nil
	case len(data) == 0:
		return answer, "", nil
	}
	return answer, "data:application/octet-stream;base64," + base64.StdEncoding.EncodeToString(data), nil
}

// isText reports whether a body of this type is sent as a string, if it is UTF-8.
func isText(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	switch kind {
	case "", "application/json", "application/xml", "application/javascript", "application/x-www-form-urlencoded",
		"application/x-ndjson", "application/graphql", "application/yaml":
		return true
	}
	return strings.HasPrefix(kind, "text/") || strings.HasSuffix(kind, "+json") || strings.HasSuffix(kind, "+xml")
}
