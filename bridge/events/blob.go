package events

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"

	"github.com/forgego/forgego/internal/atob"
	"github.com/forgego/forgego/internal/formdata"
	"github.com/forgego/forgego/internal/nesting"
)

// Blob is binary data in a payload, as JavaScript's Blob. A JavaScript module receives it as a Blob, and a Blob or
// File sent from JavaScript arrives as a Blob without the file's name. In a payload of many types, decode the member
// that holds it.
type Blob struct {
	// Type is the media type, such as "image/png". As in JavaScript, it is sent in lower case, or as "" if it has
	// characters outside U+0020 to U+007E.
	Type string
	// Data is the content.
	Data []byte
}

// serialised is the form in which @forge/bridge writes a blob into a payload.
type serialised struct {
	Data   string          `json:"data"`
	Type   string          `json:"type"`
	Marker json.RawMessage `json:"__isBlobData"`
}

// untyped is the type in the data URL of a blob without a type.
const untyped = "application/octet-stream"

// MarshalJSON returns the form in which @forge/bridge sends a blob: its data as a data URL, its type, and a mark.
func (b Blob) MarshalJSON() ([]byte, error) {
	kind := formdata.BlobType(b.Type)
	named := kind
	if named == "" {
		named = untyped
	}
	return nesting.Marshal(serialised{
		Data:   "data:" + named + ";base64," + base64.StdEncoding.EncodeToString(b.Data),
		Type:   kind,
		Marker: json.RawMessage("true"),
	})
}

// UnmarshalJSON reads that form. It also accepts base64 without a data URL, as the official client does. A blob
// without data becomes the zero Blob; in the official client it becomes null.
func (b *Blob) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	var s serialised
	if err := nesting.UnmarshalShallow(text, &s); err != nil || s.Marker == nil {
		return errors.New("not a blob: it is not an object with data, type and __isBlobData")
	}
	*b = Blob{}
	if s.Data == "" {
		return nil
	}
	encoded := s.Data
	if strings.Contains(encoded, ";base64") {
		// The data is between the first comma and the second, if there is one.
		_, rest, _ := strings.Cut(encoded, ",")
		encoded, _, _ = strings.Cut(rest, ",")
	}
	data, err := atob.Decode(encoded)
	if err != nil {
		return errors.New("the blob's data is not base64")
	}
	*b = Blob{Type: formdata.BlobType(s.Type), Data: data}
	return nil
}
