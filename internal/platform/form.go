package platform

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"strings"
)

// rebuildForm makes multipart/form-data of the official client's JSON, as a browser encodes it: a file is a data URL in a
// field whose name begins with "file", and its name and type are in two fields beside it.
func rebuildForm(data []byte) (body []byte, contentType string, err error) {
	fields, err := orderedMembers(data)
	if err != nil {
		return nil, "", &Error{Code: InvalidRequest, Name: "SyntaxError", Message: "The form's body is not the JSON that stands for a form."}
	}
	values := make(map[string]string, len(fields))
	for _, field := range fields {
		values[field.name] = jsString(field.value)
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
	boundary := "----forgegoFormBoundary" + rand.Text()[:16]
	var b bytes.Buffer
	for _, field := range fields {
		if isBeside(field.name) {
			continue
		}
		b.WriteString("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + formName(withCRLF(field.name)) + `"`)
		if !isFile(field.name) {
			b.WriteString("\r\n\r\n" + withCRLF(values[field.name]) + "\r\n")
			continue
		}
		content, err := bytesOf(values[field.name])
		if err != nil {
			return nil, "", err
		}
		b.WriteString("; filename=\"" + formName(values["__"+field.name+"Name"]) + "\"\r\nContent-Type: " +
			blobType(values["__"+field.name+"Type"]) + "\r\n\r\n")
		b.Write(content)
		b.WriteString("\r\n")
	}
	b.WriteString("--" + boundary + "--\r\n")
	return b.Bytes(), "multipart/form-data; boundary=" + boundary, nil
}

// bytesOf reads a data URL by the rules of atob: white space does not count, and padding may be missing.
func bytesOf(dataURL string) ([]byte, error) {
	text := dataURL[strings.LastIndexByte(dataURL, ',')+1:]
	if len(text) == len(dataURL) {
		return nil, nil
	}
	text = strings.Map(func(c rune) rune {
		if strings.ContainsRune(" \t\n\f\r", c) {
			return -1
		}
		return c
	}, text)
	if len(text)%4 == 0 {
		text = strings.TrimSuffix(strings.TrimSuffix(text, "="), "=")
	}
	content, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return nil, &Error{Code: InvalidRequest, Name: "InvalidCharacterError", Message: "A file of the form is not base64.", Err: err}
	}
	return content, nil
}

// blobType is a type as a Blob has it, and then as a form names it.
func blobType(contentType string) string {
	if contentType == "" || strings.ContainsFunc(contentType, func(c rune) bool { return c < ' ' || c > '~' }) {
		return "application/octet-stream"
	}
	return strings.ToLower(contentType)
}

// formName escapes a name as the HTML standard has it ("multipart/form-data encoding algorithm").
func formName(name string) string {
	return strings.NewReplacer("\n", "%0A", "\r", "%0D", `"`, "%22").Replace(name)
}

// withCRLF makes every line break CR and LF, as the same algorithm does to names and texts.
func withCRLF(text string) string {
	return strings.ReplaceAll(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n", "\r\n")
}
