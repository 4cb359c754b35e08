package manifest

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	yaml "github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/forgego/forgego/internal/appfile"
)

// maxFile is far above any real manifest. The parser's time grows with the square of the nesting.
const maxFile = 256 << 10

// source is a YAML file with what is needed to point into it.
type source struct {
	file    string
	lines   []string
	root    node
	anchors map[string]ast.Node
	faults  faults
	// expand replaces ${NAME} in texts; nil leaves them.
	expand func(string) string
}

// openSource reads and parses a file. A missing file gives fs.ErrNotExist, unwrapped.
func openSource(dir, name string) (*source, error) {
	file := filepath.Join(dir, name)
	data, err := appfile.ReadPath(file, maxFile)
	if errors.Is(err, appfile.ErrTooLarge) {
		return nil, tooLarge(file)
	}
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, os.ErrNotExist
		}
		return nil, &Error{File: file, Msg: "cannot be read: " + cause(err).Error()}
	}
	return parseSource(file, data)
}

// parseSource never panics, whatever the bytes.
func parseSource(file string, data []byte) (src *source, err error) {
	if len(data) > maxFile {
		return nil, tooLarge(file)
	}
	src = &source{file: file, anchors: map[string]ast.Node{}}
	for line := range bytes.Lines(data) {
		src.lines = append(src.lines, strings.TrimRight(string(line), "\r\n"))
	}
	defer func() {
		// The parser is not ours and its input is: what it cannot take is a fault of the file.
		if recover() != nil {
			src, err = nil, &Error{File: file, Msg: "is not valid YAML", Fix: "Check its indentation, quotes and brackets."}
		}
	}()
	tree, parseErr := parser.ParseBytes(data, 0)
	if parseErr != nil {
		return nil, src.syntaxError(parseErr)
	}
	src.root = node{src: src}
	if len(tree.Docs) > 0 && tree.Docs[0].Body != nil {
		src.root.ast = tree.Docs[0].Body
		ast.Walk(anchorFinder(src.anchors), src.root.ast)
	}
	switch src.root.kind() {
	case missing:
		return nil, &Error{File: file, Msg: "is empty"}
	case mapping:
	default:
		src.fault(src.root, `Write "key: value" lines.`, "is not a YAML mapping")
		return nil, src.faults
	}
	return src, nil
}

func tooLarge(file string) error {
	return &Error{File: file, Msg: fmt.Sprintf("is over %d KiB", maxFile>>10), Fix: "Is this the right file?"}
}

func (s *source) syntaxError(err error) error {
	var y yaml.Error
	if !errors.As(err, &y) || y.GetToken() == nil {
		return &Error{File: s.file, Msg: "is not valid YAML: " + err.Error()}
	}
	at := y.GetToken().Position
	fix := "Check the line's indentation, quotes and brackets."
	msg := y.GetMessage()
	switch {
	case strings.Contains(msg, "already defined"):
		fix = "Remove one of the two, or merge them."
	case strings.Contains(msg, "'\t'"):
		msg, fix = "a tab where YAML takes spaces only", "Indent the line with spaces."
	}
	return s.at(at.Line, at.Column, fix, "not valid YAML: "+msg)
}

// fault records what is wrong with a node.
func (s *source) fault(n node, fix, format string, args ...any) {
	line, column := n.position()
	s.faults = append(s.faults, s.at(line, column, fix, fmt.Sprintf(format, args...)))
}

func (s *source) at(line, column int, fix, msg string) *Error {
	// A position past the end is the parser's way to say that something is missing there.
	line = min(max(line, 1), max(len(s.lines), 1))
	e := &Error{File: s.file, Line: line, Column: max(column, 1), Msg: msg, Fix: fix}
	if line <= len(s.lines) {
		e.Source = s.lines[line-1]
	}
	return e
}

// sorted gives the faults in the order of the file.
func (s *source) sorted() faults {
	slices.SortStableFunc(s.faults, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return s.faults
}

// cause is the system's own words, without the operation and the path, which the message has already.
func cause(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

type anchorFinder map[string]ast.Node

func (f anchorFinder) Visit(n ast.Node) ast.Visitor {
	if a, ok := n.(*ast.AnchorNode); ok && a.Name != nil && a.Name.GetToken() != nil {
		f[a.Name.GetToken().Value] = a.Value
	}
	return f
}
