package pagefetch

import (
	"strings"

	"github.com/forgego/forgego/bridge/bridgetest/internal/jsvalue"
	"github.com/forgego/forgego/internal/atob"
	"github.com/forgego/forgego/internal/formdata"
	"github.com/forgego/forgego/internal/platform"
)

// rebuildForm returns multipart/form-data for the official client's JSON, as a browser encodes it. In the JSON, a
// file is a data URL in a field whose name starts with "file", and its name and type are in two fields beside it.
func rebuildForm(data []byte) (body []byte, contentType string, err error) {
	fields, err := orderedMembers(data)
	if err != nil {
		return nil, "", &platform.Error{Code: platform.InvalidRequest, Name: "SyntaxError", Message: "The form's body is not the JSON of a form."}
	}
	values := make(map[string]string, len(fields))
	for _, field := range fields {
		values[field.name] = jsvalue.String(field.value)
	}
	isFile := func(name string) bool {
		_, named := values["__"+name+"Name"]
		return strings.HasPrefix(name, "file") && named
	}
	isBeside := func(name string) bool {
		rest, ok := strings.CutPrefix(name, "__")
		if !ok {
			return false
		}
		for _, end := range []string{"Name", "Type"} {
			file, ok := strings.CutSuffix(rest, end)
			if _, there := values[file]; ok && there && isFile(file) {
				return true
			}
		}
		return false
	}
	var parts []formdata.Part
	for _, field := range fields {
		if isBeside(field.name) {
			continue
		}
		part := formdata.Part{Name: field.name, Value: values[field.name]}
		if isFile(field.name) {
			content, err := bytesOf(part.Value)
			if err != nil {
				return nil, "", err
			}
			part = formdata.Part{Name: field.name, Value: string(content), IsFile: true,
				Filename: values["__"+field.name+"Name"], ContentType: values["__"+field.name+"Type"]}
		}
		parts = append(parts, part)
	}
	body, contentType = formdata.Encode(parts)
	return body, contentType, nil
}

// bytesOf reads a data URL by the rules of atob: it ignores white space, and padding may be missing.
func bytesOf(dataURL string) ([]byte, error) {
	text := dataURL[strings.LastIndexByte(dataURL, ',')+1:]
	if len(text) == len(dataURL) {
		return nil, nil
	}
	content, err := atob.Decode(text)
	if err != nil {
		return nil, &platform.Error{Code: platform.InvalidRequest, Name: "InvalidCharacterError", Message: "A file of the form is not base64.", Err: err}
	}
	return content, nil
}
