// Package formdata encodes forms as multipart/form-data, as browsers do.
package formdata

import (
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/forgego/forgego/internal/ascii"
)

// Part is an entry of a form: a field or a file.
type Part struct {
	Name string
	// Value is a field's text or a file's content.
	Value  string
	IsFile bool
	// Filename and ContentType are set for a file. The default type is "application/octet-stream".
	Filename, ContentType string
}

// Encode returns the form as multipart/form-data and its Content-Type, which names the boundary. It follows
// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
func Encode(parts []Part) (body []byte, contentType string) {
	// The boundary is random, so it does not occur in a part.
	boundary := "----forgegoFormBoundary" + strconv.FormatUint(rand.Uint64(), 36) + strconv.FormatUint(rand.Uint64(), 36)
	size := 0
	for _, p := range parts {
		size += 2*len(boundary) + len(p.Name) + len(p.Value) + len(p.Filename) + 128
	}
	b := make([]byte, 0, size+len(boundary)+8)
	for _, p := range parts {
		b = append(append(append(b, "--"...), boundary...), "\r\nContent-Disposition: form-data; name=\""...)
		b = append(append(b, escape(lineBreaks(p.Name))...), '"')
		if p.IsFile {
			b = append(append(append(b, "; filename=\""...), escape(p.Filename)...), "\"\r\nContent-Type: "...)
			if kind := BlobType(p.ContentType); kind != "" {
				b = append(b, kind...)
			} else {
				b = append(b, "application/octet-stream"...)
			}
			b = append(append(b, "\r\n\r\n"...), p.Value...)
		} else {
			b = append(append(b, "\r\n\r\n"...), lineBreaks(p.Value)...)
		}
		b = append(b, "\r\n"...)
	}
	b = append(append(append(b, "--"...), boundary...), "--\r\n"...)
	return b, "multipart/form-data; boundary=" + boundary
}

// escape escapes the characters that would end a name in a part's header, as browsers do.
func escape(name string) string {
	if !strings.ContainsAny(name, "\r\n\"") {
		return name
	}
	return strings.NewReplacer("\n", "%0A", "\r", "%0D", `"`, "%22").Replace(name)
}

// lineBreaks changes each line break to CR and LF.
func lineBreaks(text string) string {
	if !strings.ContainsAny(text, "\r\n") {
		return text
	}
	return strings.NewReplacer("\r\n", "\r\n", "\r", "\r\n", "\n", "\r\n").Replace(text)
}

// BlobType returns a content type as a Blob has it: in lower case, or empty if it is not printable ASCII. See
// https://w3c.github.io/FileAPI/#constructorBlob
func BlobType(contentType string) string {
	for i := range len(contentType) {
		if c := contentType[i]; c < ' ' || c > '~' {
			return ""
		}
	}
	return ascii.Lower(contentType)
}
