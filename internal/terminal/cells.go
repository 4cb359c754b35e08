// Package terminal aligns text by the cells that it takes in a terminal.
package terminal

import (
	"strings"
	"unicode"

	"github.com/mattn/go-runewidth"
)

// cells does not depend on the locale: a character of ambiguous width takes one cell, as in most terminals.
var cells = &runewidth.Condition{StrictEmojiNeutral: true}

// Width returns the number of cells that a text takes: two for a Chinese, Japanese or Korean character and for an
// emoji, none for a combining mark.
func Width(text string) int { return cells.StringWidth(text) }

// Blank returns white space as wide as the text. It keeps tabs, so that following text is aligned whatever the
// terminal's tab width is.
func Blank(text string) string {
	var b strings.Builder
	for i, part := range strings.Split(text, "\t") {
		if i > 0 {
			b.WriteByte('\t')
		}
		b.WriteString(strings.Repeat(" ", Width(part)))
	}
	return b.String()
}

// Printable replaces invalid UTF-8, and each character that could control the terminal or change the text's
// direction, with U+FFFD. It keeps tabs.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029') {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
