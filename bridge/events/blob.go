package events

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"

	"github.com/forgego/forgego/bridge/internal/nesting"
	"github.com/forgego/forgego/internal/formdata"
)

// Blob is binary data in a payload: JavaScript's Blob. In a module of JavaScript it arrives as one, and a Blob or File
// sent from there arrives as this, without the file's name. In a payload of many types, decode the member that holds it.
type Blob struct {
	// Type is the media type, such as "image/png". As in JavaScript it is sent in lower case, and as "" if it has
	// characters other than U+0020 to U+007E.
	Type string
	// Data is what is in it.
	Data []byte
}

// serialised is how @forge/bridge writes a blob into a payload.
type serialised struct {
	Data   string          `json:"data"`
	Type   string          `json:"type"`
	Marker json.RawMessage `json:"__isBlobData"`
}

// untyped is the type by which a data URL names data of no type.
const untyped = "application/octet-stream"

// MarshalJSON gives the form in which @forge/bridge sends a blob: its data as a data URL, its type, and a mark.
func (b Blob) MarshalJSON() ([]byte, error) {
	kind := formdata.BlobType(b.Type)
	named := kind
	if named == "" {
		named = untyped
	}
	return json.Marshal(serialised{
		Data:   "data:" + named + ";base64," + base64.StdEncoding.EncodeToString(b.Data),
		Type:   kind,
		Marker: json.RawMessage("true"),
	})
}

// UnmarshalJSON reads that form, and base64 that is no data URL, as the official client does. A blob without data gives
// the zero Blob: the official client gives null.
func (b *Blob) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	var s serialised
	if err := nesting.UnmarshalShallow(text, &s); err != nil || s.Marker == nil {
		return errors.New("no blob: it is no object with data, type and __isBlobData")
	}
	*b = Blob{}
	if s.Data == "" {
		return nil
	}
	encoded := s.Data
	if strings.Contains(encoded, ";base64") {
		// Between the first comma and the second, should there be one.
		_, rest, _ := strings.Cut(encoded, ",")
		encoded, _, _ = strings.Cut(rest, ",")
	}
	data, err := forgivingBase64(encoded)
	if err != nil {
		return errors.New("the blob's data is not base64")
	}
	*b = Blob{Type: formdata.BlobType(s.Type), Data: data}
	return nil
}

// forgivingBase64 decodes as atob does: white space does not count, the padding may be missing, and what is left over in
// the last character does not matter.
func forgivingBase64(text string) ([]byte, error) {
	packed := bytes.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\n\f\r", r) {
			return -1
		}
		return r
	}, []byte(text))
	if n := len(packed); n > 0 && n%4 == 0 {
		packed = bytes.TrimSuffix(packed, []byte("="))
		if len(packed) < n {
			packed = bytes.TrimSuffix(packed, []byte("="))
		}
	}
	data := make([]byte, base64.RawStdEncoding.DecodedLen(len(packed)))
	n, err := base64.RawStdEncoding.Decode(data, packed)
	return data[:n], err
}
