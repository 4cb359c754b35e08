// Package textfile reads text files as editors on any system write them: with a byte order mark at the start, and with
// the line ends of Windows.
package textfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// ErrUTF16 says that a text is in UTF-16, as PowerShell 5 and old editors write it.
var ErrUTF16 = errors.New("is UTF-16; save it as UTF-8")

// SizeError says that a file is larger than a reader takes.
type SizeError struct {
	// Limit is in bytes.
	Limit int64
}

func (e *SizeError) Error() string {
	if e.Limit%(1<<20) == 0 {
		return fmt.Sprintf("is over %d MiB", e.Limit>>20)
	}
	return fmt.Sprintf("is over %d KiB", e.Limit>>10)
}

var errNotRegular = errors.New("is not a regular file")

// Read returns the text of a regular file, as [Decode] does. A file of more than limit bytes gives a *[SizeError].
func Read(name string, limit int64) ([]byte, error) {
	// Opening a named pipe would wait for its other end.
	if info, err := os.Stat(name); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return From(f, limit)
}

// From returns the text that r yields to its end, as [Decode] does. More than limit bytes give a *[SizeError].
func From(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, &SizeError{limit}
	}
	return Decode(data)
}

// Decode returns a text without the byte order mark that may stand at its start. A text in UTF-16 gives [ErrUTF16].
func Decode(data []byte) ([]byte, error) {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return nil, ErrUTF16
	}
	return bytes.TrimPrefix(data, []byte("\ufeff")), nil
}

// LF returns a text with the line ends of Unix. Use it where two texts are compared.
func LF(text []byte) []byte {
	return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
}
