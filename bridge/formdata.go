package bridge

import (
	"encoding/base64"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// FormData is a multipart/form-data body: fields and files in the order in which they were added. Leave the request
// without a Content-Type of its own.
//
// The host rebuilds the body from a JSON object, so through it, as with Atlassian's client, a file's field must have a
// name that starts with "file", no other field may, and no name may come twice; in a request to a product the only name
// of a file is "file". What breaks these rules gives [ErrInvalidRequest], where Atlassian's client would lose the content.
// By [Direct] there are no such rules.
type FormData struct {
	parts []part
}

type part struct {
	name string
	// value is a field's text, or a file's content.
	value       string
	isFile      bool
	filename    string
	contentType string
}

// Field adds a field with a text value.
func (f *FormData) Field(name, value string) {
	f.parts = append(f.parts, part{name: name, value: value})
}

// File adds a file. An empty contentType is sent as "application/octet-stream". The content is copied.
func (f *FormData) File(name, filename, contentType string, content []byte) {
	f.parts = append(f.parts, part{name: name, value: string(content), isFile: true, filename: filename, contentType: blobType(contentType)})
}

// blobType gives a content type as a Blob has it: in lower case, and none if it is not printable ASCII (File API, "type").
func blobType(contentType string) string {
	for i := 0; i < len(contentType); i++ {
		if contentType[i] < ' ' || contentType[i] > '~' {
			return ""
		}
	}
	return asciiLower(contentType)
}

func (f *FormData) encode(w way) (encodedBody, error) {
	if w == wayDirect {
		return f.multipart(), nil
	}
	return f.json(w)
}

// multipart gives the body as RFC 7578 has it, and as browsers write it.
func (f *FormData) multipart() encodedBody {
	boundary := f.boundary()
	var b []byte
	for _, p := range f.parts {
		b = append(b, "--"+boundary+"\r\nContent-Disposition: form-data; name=\""+escapeName(p.name)+"\""...)
		if p.isFile {
			contentType := p.contentType
			if contentType == "" || valueProblem(contentType) != "" {
				contentType = "application/octet-stream"
			}
			b = append(b, "; filename=\""+escapeName(p.filename)+"\"\r\nContent-Type: "+contentType...)
		}
		b = append(b, "\r\n\r\n"...)
		b = append(b, p.value...)
		b = append(b, "\r\n"...)
	}
	b = append(b, "--"+boundary+"--\r\n"...)
	return encodedBody{data: b, contentType: "multipart/form-data; boundary=" + boundary}
}

// boundary gives a text that no part holds.
func (f *FormData) boundary() string {
	for {
		boundary := "forgego" + strconv.FormatUint(rand.Uint64(), 36) + strconv.FormatUint(rand.Uint64(), 36)
		if !slices.ContainsFunc(f.parts, func(p part) bool { return strings.Contains(p.value, boundary) }) {
			return boundary
		}
	}
}

// escapeName escapes a name in a part's header, as the HTML standard has it ("multipart/form-data encoding algorithm").
func escapeName(name string) string {
	return strings.NewReplacer("\n", "%0A", "\r", "%0D", `"`, "%22").Replace(name)
}

// json gives the JSON that @forge/bridge makes of a FormData: a file is a data URL, with its name and type beside it.
// The Content-Type is that of the JSON string, as the official client sends it; the host puts the multipart one.
func (f *FormData) json(w way) (encodedBody, error) {
	b := []byte{'{'}
	seen := make(map[string]bool, len(f.parts))
	member := func(name, value string) {
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = appendJSONString(b, name)
		b = append(b, ':')
		b = appendJSONString(b, value)
	}
	for _, p := range f.parts {
		if problem := p.problem(w, seen); problem != "" {
			return encodedBody{}, invalidRequest("Body", "FormData: "+problem)
		}
		seen[p.name] = true
		if !p.isFile {
			member(p.name, p.value)
			continue
		}
		seen["__"+p.name+"Name"], seen["__"+p.name+"Type"] = true, true
		contentType := p.contentType
		if contentType == "" {
			contentType = "application/octet-stream"
		}
		member(p.name, "data:"+contentType+";base64,"+base64.StdEncoding.EncodeToString([]byte(p.value)))
		member("__"+p.name+"Name", p.filename)
		member("__"+p.name+"Type", p.contentType)
	}
	return encodedBody{data: append(b, '}'), contentType: "text/plain;charset=UTF-8", formData: true}, nil
}

// problem says why the part cannot cross the bridge whole; "" if it can.
func (p *part) problem(w way, seen map[string]bool) string {
	named := strings.HasPrefix(p.name, "file")
	if w == wayProduct {
		named = p.name == "file"
	}
	switch {
	case seen[p.name] || p.isFile && (seen["__"+p.name+"Name"] || seen["__"+p.name+"Type"]):
		return "the name " + p.name + " comes twice, and the host would keep only the last"
	case w == wayProduct && p.isFile && !named:
		return "the file " + p.name + " needs the name \"file\", the only one that a product's API takes, or the host would lose its content"
	case w == wayProduct && named && !p.isFile:
		return "the field file must be a file, or the host would take its text for one"
	case p.isFile && !named:
		return "the file " + p.name + " needs a name that starts with \"file\", or the host would lose its content"
	case !p.isFile && named:
		return "the field " + p.name + " must not start with \"file\", or the host would take it for a file"
	case !utf8.ValidString(p.name) || !utf8.ValidString(p.filename) || !p.isFile && !utf8.ValidString(p.value):
		return "the field " + p.name + " is not UTF-8; send bytes as a file"
	}
	return ""
}
