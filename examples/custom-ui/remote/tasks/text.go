package tasks

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is in characters, not bytes.
const maxName = 200

// taskName returns the name in a request without the white space around it, or says what is wrong with it.
func taskName(in *string) (name, problem string) {
	if in == nil {
		return "", "A task needs a name."
	}
	name = strings.TrimSpace(*in)
	switch {
	case utf8.RuneCountInString(name) > maxName:
		return "", "A task's name can have at most 200 characters."
	case strings.ContainsFunc(name, isControl):
		return "", "A task's name cannot contain line breaks or other control characters."
	case !isVisible(name):
		return "", "A task needs a name."
	}
	return name, ""
}

// isControl reports whether r is a control character, a line separator, or a character that changes the direction of
// text. With such a character, a name that ends in "txt.exe" can be shown as "exe.txt".
func isControl(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r) && !isMark(r)
}

// isMark reports whether r is a mark of direction. These marks reorder nothing, and Arabic and Hebrew texts need them.
func isMark(r rune) bool { return r == '\u061c' || r == '\u200e' || r == '\u200f' }

// isVisible reports whether a text shows anything: more than white space and characters without a width.
func isVisible(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) })
}
