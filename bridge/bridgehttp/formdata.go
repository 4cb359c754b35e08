package bridgehttp

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"

	"github.com/forgego/forgego/bridge"
)

// formData returns a multipart/form-data body as the bridge's own type, or nil if the body has another type. It
// returns an error if a part would lose something in the conversion.
func formData(h bridge.Header, data []byte) (*bridge.FormData, error) {
	kind, parameters, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || parameters["boundary"] == "" {
		return nil, nil
	}
	form := new(bridge.FormData)
	reader := multipart.NewReader(bytes.NewReader(data), parameters["boundary"])
	for {
		part, err := reader.NextRawPart()
		if err == io.EOF {
			return form, nil
		}
		var content []byte
		if err == nil {
			content, err = io.ReadAll(part)
		}
		if err != nil {
			return nil, invalidBody("its Content-Type is multipart/form-data, but it is not", err)
		}
		if err := addPart(form, part, content); err != nil {
			return nil, err
		}
	}
}

func addPart(form *bridge.FormData, part *multipart.Part, content []byte) error {
	_, disposition, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil {
		return invalidBody("a part without a name", err)
	}
	name := disposition["name"]
	filename, isFile := disposition["filename"]
	for field := range part.Header {
		if field != "Content-Disposition" && (field != "Content-Type" || !isFile) {
			return invalid("Body", "the part "+name+" has the header field "+field+", which the host would lose; leave it out, or use bridge.WithDirect")
		}
	}
	if isFile {
		form.File(name, filename, part.Header.Get("Content-Type"), content)
	} else {
		form.Field(name, string(content))
	}
	return nil
}
