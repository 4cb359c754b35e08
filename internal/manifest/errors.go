package manifest

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error is one fault of manifest.yml or forgego.yml, with its place and what to change. Load and LoadDev return all
// faults of a file at once; errors.As finds the first of them.
type Error struct {
	// File is the file's path, made from the directory given to Load.
	File string
	// Line and Column count from 1; both are 0 where the fault has no place, as for a file that is missing.
	Line, Column int
	// Source is the text of that line.
	Source string
	// Msg says what is wrong, Fix what to change.
	Msg, Fix string
}

// Error gives "manifest.yml:12:9: what is wrong", the line with a caret below the column, and what to change.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", e.Line, e.Column)
	}
	b.WriteString(": " + e.Msg)
	if e.Line > 0 {
		number := fmt.Sprint(e.Line)
		blank := strings.Repeat(" ", len(number))
		fmt.Fprintf(&b, "\n  %s | %s\n  %s | %s^", number, e.Source, blank, caretIndent(e.Source, e.Column))
	}
	if e.Fix != "" {
		b.WriteString("\n  " + strings.ReplaceAll(e.Fix, "\n", "\n  "))
	}
	return b.String()
}

// caretIndent is as wide as the text before a column. Tabs stay tabs, so that the caret meets its character whatever
// the terminal's tab width.
func caretIndent(line string, column int) string {
	var b strings.Builder
	for range column - 1 {
		r, size := utf8.DecodeRuneInString(line)
		line = line[size:]
		if r == '\t' {
			b.WriteByte('\t')
		} else {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// faults are all errors of one file, in the order found.
type faults []*Error

func (f faults) Error() string {
	texts := make([]string, len(f))
	for i, e := range f {
		texts[i] = e.Error()
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

// orNil keeps an empty list from becoming a non-nil error.
func (f faults) orNil() error {
	if len(f) == 0 {
		return nil
	}
	return f
}
