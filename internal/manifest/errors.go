package manifest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/forgego/forgego/internal/terminal"
)

// Error is one fault of manifest.yml or forgego.yml, with its place and what to change. Load and LoadDev return all
// faults of a file at once; errors.As finds the first.
type Error struct {
	// File is the file's path, made from the directory passed to Load.
	File string
	// Line and Column count from 1; a column is a code point. Both are 0 if the fault has no place, for example for a
	// missing file.
	Line, Column int
	// Source is the text of that line.
	Source string
	// Msg says what is wrong, and Fix what to change.
	Msg, Fix string

	isEmpty bool // the file has no values
	// accepted means that Forge accepts it, but reads it differently from what was meant.
	accepted bool
}

// Error returns "manifest.yml:12:9: what is wrong", the line with a caret below the column, and what to change.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", e.Line, e.Column)
	}
	b.WriteString(": " + e.Msg)
	if e.Line > 0 {
		b.WriteString("\n" + e.Excerpt())
	}
	if e.Fix != "" {
		b.WriteString("\n  " + strings.ReplaceAll(e.Fix, "\n", "\n  "))
	}
	return b.String()
}

// Excerpt returns the line with a caret below the column, as two lines.
func (e *Error) Excerpt() string {
	number := fmt.Sprint(e.Line)
	line, before := excerpt(e.Source, e.Column-1)
	return fmt.Sprintf("  %s | %s\n  %s | %s^", number, line, terminal.Blank(number), terminal.Blank(before))
}

// maxExcerpt is how much of a line is shown on each side of a column, in characters.
const maxExcerpt = 100

// excerpt returns the part of a line to show in a terminal, and the part of it before a column, which counts from 0. It copies
// only this part, because a line can be a whole file.
func excerpt(line string, column int) (shown, before string) {
	column = min(column, utf8.RuneCountInString(line))
	from := offsetOf(line, max(0, column-maxExcerpt))
	rest := line[from:]
	at := offsetOf(rest, min(column, maxExcerpt))
	end := at + offsetOf(rest[at:], maxExcerpt)
	shown, before = terminal.Printable(rest[:end]), terminal.Printable(rest[:at])
	if from > 0 {
		shown, before = "…"+shown, "…"+before
	}
	if end < len(rest) {
		shown += "…"
	}
	return shown, before
}

// offsetOf returns the offset of a character of a text, or its length if it has fewer.
func offsetOf(text string, character int) int {
	for at := range text {
		if character == 0 {
			return at
		}
		character--
	}
	return len(text)
}

// faults are all errors of one file, in the order in which they were found.
type faults []*Error

// maxShown is how many errors of a file are shown at once.
const maxShown = 50

func (f faults) Error() string {
	var texts []string
	for _, e := range f[:min(len(f), maxShown)] {
		texts = append(texts, e.Error())
	}
	if more := len(f) - len(texts); more > 0 {
		texts = append(texts, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(texts, "\n\n")
}

func (f faults) Unwrap() []error {
	errs := make([]error, len(f))
	for i, e := range f {
		errs[i] = e
	}
	return errs
}

// sorted sorts the list in the order of the file, and returns it.
func (f faults) sorted() faults {
	slices.SortStableFunc(f, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return f
}

// orNil returns nil for an empty list, so that it does not become a non-nil error.
func (f faults) orNil() error {
	if len(f) == 0 {
		return nil
	}
	return f
}
