package bridge

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"github.com/forgego/forgego/internal/formdata"
)

// FormData is a multipart/form-data body: fields and files in the order in which they were added. Leave the request
// without a Content-Type of its own.
//
// The host rebuilds the body from a JSON object, so through it, as with Atlassian's client, a file's field must have a
// name that starts with "file", no other field may, and no name may come twice; in a request to a product the only name
// of a file is "file". What breaks these rules gives [ErrInvalidRequest], where Atlassian's client would lose the content.
// By [Direct] there are no such rules.
type FormData struct{ parts []formdata.Part }

// Field adds a field with a text value. Each line break in the name or the value is sent as CR and LF, as browsers do.
func (f *FormData) Field(name, value string) {
	f.parts = append(f.parts, formdata.Part{Name: name, Value: value})
}

// File adds a file. An empty contentType is sent as "application/octet-stream". The content is copied.
func (f *FormData) File(name, filename, contentType string, content []byte) {
	f.parts = append(f.parts, formdata.Part{Name: name, Value: string(content), IsFile: true, Filename: filename, ContentType: formdata.BlobType(contentType)})
}

func (f *FormData) encode(w way) (encodedBody, error) {
	if w == wayDirect {
		data, contentType := formdata.Encode(f.parts)
		return encodedBody{data: data, contentType: contentType}, nil
	}
	return f.json(w)
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
		if problem := partProblem(&p, w, seen); problem != "" {
			return encodedBody{}, invalidRequest("Body", "FormData: "+problem)
		}
		seen[p.Name] = true
		if !p.IsFile {
			member(p.Name, p.Value)
			continue
		}
		seen["__"+p.Name+"Name"], seen["__"+p.Name+"Type"] = true, true
		contentType := p.ContentType
		if contentType == "" {
			contentType = "application/octet-stream"
		}
		member(p.Name, "data:"+contentType+";base64,"+base64.StdEncoding.EncodeToString([]byte(p.Value)))
		member("__"+p.Name+"Name", p.Filename)
		member("__"+p.Name+"Type", p.ContentType)
	}
	return encodedBody{data: append(b, '}'), contentType: "text/plain;charset=UTF-8", formData: true}, nil
}

// partProblem says why the part cannot cross the bridge whole; "" if it can.
func partProblem(p *formdata.Part, w way, seen map[string]bool) string {
	named := strings.HasPrefix(p.Name, "file")
	if w == wayProduct {
		named = p.Name == "file"
	}
	switch {
	case seen[p.Name] || p.IsFile && (seen["__"+p.Name+"Name"] || seen["__"+p.Name+"Type"]):
		return "the name " + p.Name + " comes twice, and the host would keep only the last"
	case w == wayProduct && p.IsFile && !named:
		return "the file " + p.Name + " needs the name \"file\", the only one that a product's API takes, or the host would lose its content"
	case w == wayProduct && named && !p.IsFile:
		return "the field file must be a file, or the host would take its text for one"
	case p.IsFile && !named:
		return "the file " + p.Name + " needs a name that starts with \"file\", or the host would lose its content"
	case !p.IsFile && named:
		return "the field " + p.Name + " must not start with \"file\", or the host would take it for a file"
	case !utf8.ValidString(p.Name) || !utf8.ValidString(p.Filename) || !p.IsFile && !utf8.ValidString(p.Value):
		return "the field " + p.Name + " is not UTF-8; send bytes as a file"
	}
	return ""
}
