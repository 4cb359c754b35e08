package devhost

import (
	"compress/gzip"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
)

// encoding is a form in which a file may lie beside itself, as "forgego build --compress" makes it.
type encoding struct {
	name, extension string
	decode          func(io.Reader) (io.Reader, error)
}

// encodings has the smallest form first.
var encodings = []encoding{
	{"br", ".br", func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil }},
	{"gzip", ".gz", func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
}

// openEncoded opens the compressed form of a file that the browser would take, and returns its content-encoding and its
// entity tag; without such a form, nil. A form counts only if it decompresses to the very bytes of the file, whose tag
// and size are given: times and names do not tell whether it is of an older build. What is wrong with a form is no fault
// of the request: the file itself is served.
func (e *encodedForms) openEncoded(root *os.Root, name, tag string, size int64, r *http.Request) (f *os.File, encoding, encodedTag string) {
	// A part of a file is one of its own bytes.
	if r.Header.Get("Range") != "" {
		return nil, "", ""
	}
	for _, c := range encodings {
		if !accepts(r.Header.Values("Accept-Encoding"), c.name) {
			continue
		}
		f, err := openServed(root, name+c.extension)
		if err != nil {
			continue
		}
		if formTag, ok, err := e.isForm(f, c, tag, size); err == nil && ok {
			// The tag is of the bytes that are sent: another compression of the same program is another representation.
			return f, c.name, formTag
		}
		f.Close()
	}
	return nil, "", ""
}

// accepts says whether an Accept-Encoding field names a content-coding and does not refuse it (RFC 9110, 12.5.3).
func accepts(field []string, coding string) bool {
	for item := range strings.SplitSeq(strings.Join(field, ","), ",") {
		name, weight, _ := strings.Cut(item, ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		_, q, weighed := strings.Cut(weight, "=")
		value, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
		return !weighed || err == nil && value > 0
	}
	return false
}
