package bridge

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"github.com/forgego/forgego/internal/formdata"
)

// FormData is a multipart/form-data body: fields and files in the order in which they were added. Do not set the
// request's Content-Type.
//
// The host builds the body from a JSON object. So through the host, as with Atlassian's client, the name of a file must
// start with "file", the name of a field must not, and each name must be unique. In a request to a product, the name of
// a file must be "file". If a name breaks these rules, the call returns [ErrInvalidRequest]; Atlassian's client would
// lose the content. With [WithDirect] there are no such rules.
type FormData struct{ parts []formdata.Part }

// Field adds a field with a text value. Line breaks in the name and the value are sent as CR and LF, as browsers do.
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

// json returns the JSON form of a FormData, as @forge/bridge makes it: a file is a data URL, beside its name and its
// type. The Content-Type is that of a string, as in the official client; the host sets the multipart one.
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

// partProblem returns why the bridge cannot carry the part, or "" if it can.
func partProblem(p *formdata.Part, w way, seen map[string]bool) string {
	named := strings.HasPrefix(p.Name, "file")
	if w == wayProduct {
		named = p.Name == "file"
	}
	switch {
	case seen[p.Name] || p.IsFile && (seen["__"+p.Name+"Name"] || seen["__"+p.Name+"Type"]):
		return "the name " + p.Name + " is used twice, and the host would keep only the last"
	case w == wayProduct && p.IsFile && !named:
		return "the file " + p.Name + " needs the name \"file\", as a product's API expects, or the host would lose its content"
	case w == wayProduct && named && !p.IsFile:
		return "the field file must be a file, or the host would treat its text as a file"
	case p.IsFile && !named:
		return "the file " + p.Name + " must have a name that starts with \"file\", or the host would lose its content"
	case !p.IsFile && named:
		return "the field " + p.Name + " must not start with \"file\", or the host would treat it as a file"
	case !utf8.ValidString(p.Name) || !utf8.ValidString(p.Filename) || !p.IsFile && !utf8.ValidString(p.Value):
		return "the field " + p.Name + " is not UTF-8; send bytes as a file"
	}
	return ""
}
