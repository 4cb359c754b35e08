package tasks

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxFile limits the bytes of a file, and maxFileName the characters of its name. The backend has the same limits.
	maxFile     = 10 << 20
	maxFileName = 255
)

// upload is a file that the user has chosen.
type upload struct {
	name string
	// kind is its media type as guessed by the browser, or "".
	kind string
	data []byte
}

func (u upload) mediaType() string {
	if u.kind == "" {
		return "application/octet-stream"
	}
	return u.kind
}

// sizeProblem returns what is wrong with a file of this size, or "" if it can be sent.
func (w *Words) sizeProblem(name string, size int64) string {
	if size <= maxFile {
		return ""
	}
	return w.Text("file.tooLarge", "file", w.quoted(name), "size", w.Size(size), "most", w.Size(maxFile))
}

// fileName returns a file name that can be sent and saved on any system: without folders and invisible characters, and not too
// long. It keeps the end of a long name, which has the file's type.
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

// isHidden reports whether r is a control character or changes the direction of text. With the latter, a name that ends in
// "txt.exe" can look as if it ended in "exe.txt".
func isHidden(r rune) bool {
	return unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}
