// Package textfile reads text files as editors on any system write them: with a byte order mark at the start, or with
// Windows line endings.
package textfile

import (
	"bytes"
	"errors"

	"github.com/forgego/forgego/internal/appfile"
)

// ErrUTF16 means that a text is in UTF-16, as PowerShell 5 and old editors write it.
var ErrUTF16 = errors.New("is UTF-16; save it as UTF-8")

// Read returns the text of a regular file, as [Decode] does. A file larger than limit bytes returns
// [appfile.ErrTooLarge].
func Read(path string, limit int64) ([]byte, error) {
	data, err := appfile.ReadPath(path, limit)
	if err != nil {
		return nil, err
	}
	return Decode(data)
}

// Decode returns a text without a byte order mark at its start. A text in UTF-16 returns [ErrUTF16].
func Decode(data []byte) ([]byte, error) {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return nil, ErrUTF16
	}
	return bytes.TrimPrefix(data, []byte("\ufeff")), nil
}

// LF returns a text with Unix line endings. Use it to compare two texts.
func LF(text []byte) []byte {
	return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
}
