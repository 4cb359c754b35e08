package manifest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/forgego/forgego/internal/appfile"
	"github.com/forgego/forgego/internal/textfile"
)

// maxFile is the size of the largest file that is read, in bytes. It is far above any real manifest.
const maxFile = 256 << 10

// source is a YAML file with what is needed to point into it.
type source struct {
	file  string
	lines []string
	// offsets are the offsets of the characters in a line, by line number, for lines that were used.
	offsets map[int][]int
	root    node
	faults  faults
	// warnings are no faults: what has them works, but perhaps not as meant.
	warnings faults
	// expand replaces ${NAME} in texts. If it is nil, texts stay unchanged.
	expand func(string) string
}

// openSource reads and parses a file whose root must be a mapping. A missing file returns fs.ErrNotExist, unwrapped.
func openSource(dir, name string) (*source, error) {
	file, text, err := readSource(dir, name)
	if err != nil {
		return nil, err
	}
	return parseMapping(file, text)
}

func readSource(dir, name string) (file string, text []byte, err error) {
	file = filepath.Join(dir, name)
	text, err = textfile.Read(file, maxFile)
	if errors.Is(err, os.ErrNotExist) {
		return file, nil, os.ErrNotExist
	}
	if err != nil {
		return file, nil, readError(file, err)
	}
	return file, text, nil
}

func readError(file string, err error) *Error {
	e := &Error{File: file, Msg: "cannot be read: " + cause(err).Error(), Fix: "Check its permissions and, if it is a symbolic link, where it leads."}
	if errors.Is(err, appfile.ErrNotRegular) {
		e.Fix = "Put a regular file in its place."
	} else if errors.Is(err, appfile.ErrTooLarge) {
		e.Msg, e.Fix = fmt.Sprintf("is over %d KiB", maxFile>>10), "Is this the right file?"
	} else if errors.Is(err, textfile.ErrUTF16) {
		e.Msg, e.Fix = "is UTF-16", "Save it as UTF-8."
	} else if info, err := os.Stat(filepath.Dir(file)); err == nil && !info.IsDir() {
		e.File, e.Msg, e.Fix = filepath.Dir(file), "is a file", "Pass the app's folder."
	}
	return e
}

// parseMapping parses a text whose root must be a mapping.
func parseMapping(file string, text []byte) (*source, error) {
	src, err := parseSource(file, text)
	if err != nil {
		return nil, err
	}
	return src.requireMapping()
}

func (s *source) requireMapping() (*source, error) {
	switch s.root.kind() {
	case missing:
		return nil, &Error{File: s.file, Msg: "is empty", isEmpty: true}
	case mapping:
	default:
		s.fault(s.root, `Write "key: value" lines.`, "is not a YAML mapping")
		return nil, s.faults
	}
	return s, nil
}

// fault records what is wrong with a node.
func (s *source) fault(n node, fix, format string, args ...any) {
	line, column := n.position()
	s.faults = append(s.faults, s.at(line, column, fix, fmt.Sprintf(format, args...)))
}

// warn records a warning about a node.
func (s *source) warn(n node, fix, format string, args ...any) {
	line, column := n.position()
	s.warnings = append(s.warnings, s.at(line, column, fix, fmt.Sprintf(format, args...)))
}

func (s *source) at(line, column int, fix, msg string) *Error {
	// A position past the end means that something is missing there.
	if last := len(s.lines); line > last && last > 0 {
		for last > 1 && strings.TrimSpace(s.lines[last-1]) == "" {
			last--
		}
		line, column = last, utf8.RuneCountInString(s.lines[last-1])+1
	}
	line = max(line, 1)
	e := &Error{File: s.file, Line: line, Column: max(column, 1), Msg: msg, Fix: fix}
	if line <= len(s.lines) {
		e.Source = s.lines[line-1]
	}
	return e
}

// sorted returns the faults in the order of the file.
func (s *source) sorted() faults { return s.faults.sorted() }

// cause returns the system's own error, without the operation and the path, which the message already has.
func cause(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

func linesOf(text []byte) []string {
	var lines []string
	for line := range strings.Lines(string(text)) {
		if whole, ok := strings.CutSuffix(line, "\n"); ok {
			line = strings.TrimSuffix(whole, "\r")
		}
		lines = append(lines, line)
	}
	return lines
}
