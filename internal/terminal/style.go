package terminal

import "os"

// Style is how a text looks: the parameter of an SGR sequence. Source:
// https://ecma-international.org/publications-and-standards/standards/ecma-48/
type Style string

// The styles. The colours are those that the user has chosen for the terminal.
const (
	Dim   Style = "2"
	Bold  Style = "1"
	Red   Style = "31"
	Green Style = "32"
	Cyan  Style = "36"
)

// Painter adds styles to text. The zero value adds none.
type Painter struct{ on bool }

// NewPainter returns a Painter for a file. It adds styles only if the file is a terminal that shows them, and the user has
// not set NO_COLOR (https://no-color.org) and this is not a CI job, which sets CI.
func NewPainter(f *os.File) Painter {
	return Painter{on: os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && os.Getenv("CI") == "" && IsTerminal(f) && enableColors(f)}
}

// Paint returns the text in a style.
func (p Painter) Paint(style Style, text string) string {
	if !p.on || text == "" {
		return text
	}
	return "\x1b[" + string(style) + "m" + text + "\x1b[0m"
}
