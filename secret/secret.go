// Package secret has a text that is not printed by accident, such as a token. Packages bridge and remote use it, so a
// token in a log line or in an error is shown as "[secret]".
package secret

import (
	"fmt"
	"io"
)

// redacted is the printed form of a Text.
const redacted = "[secret]"

// Text is a text that fmt, log, log/slog and encoding/json do not print, with any verb. Only [Text.Reveal] returns it.
// The zero Text is empty.
type Text struct {
	// A pointer, because fmt prints the fields of a struct without calling its methods for some verbs.
	text *string
}

// New returns a Text with this text.
func New(text string) Text {
	if text == "" {
		return Text{}
	}
	return Text{&text}
}

// Reveal returns the text. Do not log it, and send it only to the server that it is for.
func (t Text) Reveal() string {
	if t.text == nil {
		return ""
	}
	return *t.text
}

// IsZero reports whether t is empty.
func (t Text) IsZero() bool { return t.text == nil }

// String returns "[secret]", or "" if t is empty.
func (t Text) String() string {
	if t.IsZero() {
		return ""
	}
	return redacted
}

// Format writes String for every verb and flag.
func (t Text) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, t.String()) }

// MarshalText returns String, for encoding/json, log/slog and similar packages.
func (t Text) MarshalText() ([]byte, error) { return []byte(t.String()), nil }
