package resource

import (
	"compress/gzip"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
)

// encoding is a compression for files that are next to the original, as "forgego build --brotli" writes them.
type encoding struct {
	name, extension string
	decode          func(io.Reader) (io.Reader, error)
}

// encodings lists the best compression first.
var encodings = []encoding{
	{"br", ".br", func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil }},
	{"gzip", ".gz", func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
}

// openEncoded opens a compressed form of a file that the browser accepts. It returns the form's content-encoding and its
// entity tag. If there is no such form, f is nil. tag and size are those of the file. A form must decompress to exactly the
// file's bytes, because times and names do not show whether it is from an older build. Invalid forms are ignored.
func (e *compressedForms) openEncoded(root *os.Root, name, tag string, size int64, r *http.Request) (f *os.File, encoding, encodedTag string) {
	// A range is a part of the file itself.
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
			// Return the tag of the compressed bytes: another compression of the same file is another representation.
			return f, c.name, formTag
		}
		f.Close()
	}
	return nil, "", ""
}

// accepts reports whether an Accept-Encoding field names a content coding with a weight above 0.
//
// Source: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3
func accepts(field []string, coding string) bool {
	for item := range strings.SplitSeq(strings.Join(field, ","), ",") {
		name, weight, _ := strings.Cut(item, ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		_, q, hasWeight := strings.Cut(weight, "=")
		value, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
		return !hasWeight || err == nil && value > 0
	}
	return false
}
