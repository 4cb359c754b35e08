package tasks

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxFile is how many bytes a file may have, and maxFileName how many characters its name; the backend has the same
	// limits.
	maxFile     = 10 << 20
	maxFileName = 255
)

// upload is a file that the user has chosen.
type upload struct {
	name string
	// kind is its media type as the browser guesses it by the name; empty if it has no guess.
	kind string
	data []byte
}

func (u upload) mediaType() string {
	if u.kind == "" {
		return "application/octet-stream"
	}
	return u.kind
}

// sizeProblem says what is wrong with a file of so many bytes; "" if it can be sent.
func (w *Words) sizeProblem(name string, size int64) string {
	if size <= maxFile {
		return ""
	}
	return w.Text("file.tooLarge", "file", w.quoted(name), "size", w.Size(size), "most", w.Size(maxFile))
}

// fileName makes a file's name one that can be sent, and saved on any system: without folders, without characters that
// cannot be seen, and not too long. The end of a name says what is in it, so that it stays.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || isHidden(r) || r == utf8.RuneError {
			return '_'
		}
		return r
	}, name)
	if characters := []rune(name); len(characters) > maxFileName {
		const end = 20
		name = string(characters[:maxFileName-end-1]) + "…" + string(characters[len(characters)-end:])
	}
	if strings.TrimSpace(name) == "" {
		return "file"
	}
	return name
}

// isHidden reports control characters, and those that turn the direction of text: with them a name that ends in "txt.exe"
// can look like one that ends in "exe.txt".
func isHidden(r rune) bool {
	return unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}
