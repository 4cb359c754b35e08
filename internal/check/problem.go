package check

import (
	"cmp"
	"encoding/json"
	"path/filepath"
	"slices"

	"github.com/forgego/forgego/internal/manifest"
)

// Severity says what a problem prevents.
type Severity int

const (
	// Warning is what works, but probably not as intended.
	Warning Severity = iota
	// Error is what forge deploy or a site refuses.
	Error
)

func (s Severity) String() string {
	if s == Error {
		return "error"
	}
	return "warning"
}

// MarshalJSON writes the severity as its text.
func (s Severity) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// Problem is one thing that is wrong, with its place and what to change.
type Problem struct {
	// File is the file's path, made from the folder passed to Run.
	File string `json:"file"`
	// Line and Column count from 1. Both are 0 for a problem of a whole file or folder.
	Line     int      `json:"line,omitempty"`
	Column   int      `json:"column,omitempty"`
	Severity Severity `json:"severity"`
	// Message says what is wrong, and Fix what to change. Fix can have several lines.
	Message string `json:"message"`
	Fix     string `json:"fix,omitempty"`

	source string // the text of the line
}

func fromError(e *manifest.Error, severity Severity) Problem {
	return Problem{e.File, e.Line, e.Column, severity, e.Msg, e.Fix, e.Source}
}

// fromErrors returns a problem for each *manifest.Error in an error, or one for another error.
func fromErrors(err error, file string, severity Severity) []Problem {
	var list []Problem
	var walk func(error)
	walk = func(err error) {
		if e, ok := err.(*manifest.Error); ok {
			list = append(list, fromError(e, severity))
			return
		}
		if many, ok := err.(interface{ Unwrap() []error }); ok {
			for _, err := range many.Unwrap() {
				walk(err)
			}
			return
		}
		list = append(list, Problem{File: file, Severity: severity, Message: err.Error()})
	}
	if err != nil {
		walk(err)
	}
	return list
}

// sorted returns the problems by file, line and column, without repetitions. manifest.yml comes first.
func sorted(list []Problem) []Problem {
	rank := func(p Problem) int {
		if filepath.Base(p.File) == "manifest.yml" {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(list, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.CompactFunc(list, func(a, b Problem) bool {
		return a.File == b.File && a.Line == b.Line && a.Column == b.Column && a.Message == b.Message
	})
}
