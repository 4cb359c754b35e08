// Package printable makes texts that came from outside fit to be shown in a terminal or a page.
package printable

import (
	"fmt"
	"strings"
)

// MaxText is the length of the longest text that this package returns, in bytes.
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

// Target returns the target of a request as Text does, with "…" for each value in its query, which may be secret. A part
// of the query without "=" may be a value itself.
func Target(target string) string {
	path, query, ok := strings.Cut(target, "?")
	if !ok {
		return Text(path)
	}
	var b strings.Builder
	b.WriteString(path)
	separator := byte('?')
	for part := range strings.SplitSeq(query, "&") {
		if b.Len() > MaxText {
			break
		}
		b.WriteByte(separator)
		separator = '&'
		if name, _, ok := strings.Cut(part, "="); ok {
			b.WriteString(name + "=…")
		} else if part != "" {
			b.WriteString("…")
		}
	}
	return Text(b.String())
}
