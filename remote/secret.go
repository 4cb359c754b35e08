package remote

import (
	"fmt"
	"io"
	"log/slog"
)

// redacted is what a Secret looks like.
const redacted = "[secret]"

// Secret is a token that does not get printed: not by fmt, log, slog or encoding/json. Only [Secret.Reveal] gives its text.
// The zero Secret has none.
type Secret struct{ text *string } // behind a pointer, because fmt prints the fields of a struct with some verbs

// NewSecret returns a Secret with this text.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{&text}
}

// Reveal returns the text. Do not log it and do not send it anywhere but to the product's API.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsZero reports whether there is no text.
func (s Secret) IsZero() bool { return s.text == nil }

// String returns "[secret]", or "" if there is no text.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return redacted
}

// GoString is String.
func (s Secret) GoString() string { return s.String() }

// Format writes String for every verb.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, s.String()) }

// MarshalText returns String: for encoding/json and its like.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue returns String.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
