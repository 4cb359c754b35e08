package remote

import (
	"fmt"
	"io"
	"log/slog"
)

// redacted is the printed form of a Secret.
const redacted = "[secret]"

// Secret is a token that fmt, log, slog and encoding/json do not print. Only [Secret.Reveal] returns its text. The zero Secret
// is empty.
type Secret struct{ text *string } // a pointer, because fmt prints the fields of a struct for some verbs

// NewSecret returns a Secret with this text.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{&text}
}

// Reveal returns the text. Do not log it, and send it only to the product's API.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsZero reports whether s is empty.
func (s Secret) IsZero() bool { return s.text == nil }

// String returns "[secret]", or "" if s is empty.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return redacted
}

// GoString returns String.
func (s Secret) GoString() string { return s.String() }

// Format writes String for every verb.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, s.String()) }

// MarshalText returns String, for encoding/json and similar packages.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue returns String.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
