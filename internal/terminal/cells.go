// Package terminal aligns text by the cells that a terminal shows it in.
package terminal

import (
	"strings"
	"unicode"

	"github.com/mattn/go-runewidth"
)

// cells does not depend on the locale: a character of ambiguous width takes one cell, as in most terminals.
var cells = &runewidth.Condition{StrictEmojiNeutral: true}

// Width returns the number of cells that a text takes: two for a character of Chinese, Japanese or Korean and for an emoji,
// none for a combining mark.
func Width(text string) int { return cells.StringWidth(text) }

// Blank returns white space that is as wide as the text. Tabs stay tabs, so that what follows is in the right place
// whatever the terminal's tab width.
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

// Printable returns the text with U+FFFD in the place of each character that could command the terminal or change the
// direction of the text, and of what is not UTF-8. Tabs stay.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029') {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
