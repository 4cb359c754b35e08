// Package printable makes texts that came from outside fit to be shown in a terminal or a page.
package printable

import (
	"fmt"
	"strings"
)

// MaxText is the length of the longest text that Text returns, in bytes.
const MaxText = 1024

// Text shortens a text and escapes what could control a terminal. What is not ASCII is escaped too: browsers send no such
// bytes in a target or an origin.
func Text(text string) string {
	const more = "…"
	var b strings.Builder
	for _, r := range text {
		escaped := string(r)
		if r != '…' && (r < ' ' || r >= 0x7f) {
			escaped = fmt.Sprintf("\\u%04x", r)
		}
		if b.Len()+len(escaped) > MaxText-len(more) {
			return b.String() + more
		}
		b.WriteString(escaped)
	}
	return b.String()
}
