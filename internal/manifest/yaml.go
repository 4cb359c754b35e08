package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"github.com/forgego/forgego/internal/appfile"
)

// maxDepth is how deeply lists and mappings may nest.
const maxDepth = 100

// parseSource parses a text and makes the checks of @forge/manifest 13.7.0, which uses the npm package yaml 2 with
// its defaults. The text has no byte order mark.
func parseSource(file string, text []byte) (*source, error) {
	src, err := parseTree(file, text)
	if err != nil {
		return src, err
	}
	if err := src.sorted().orNil(); err != nil {
		return nil, err
	}
	return src, nil
}

// parseTree is parseSource, but leaves what is wrong in the tree in the faults of the source.
func parseTree(file string, text []byte) (*source, error) {
	src := &source{file: file, lines: linesOf(text), offsets: map[int][]int{}}
	src.root = node{src: src}
	if len(text) > maxFile {
		return nil, readError(file, appfile.ErrTooLarge)
	}
	if e := src.checkCharacters(); e != nil {
		return nil, e
	}
	text, e := src.withoutDirectives(text)
	if e != nil {
		return nil, e
	}
	document, err := src.load(withLastLine(withoutInvisible(text)))
	if err != nil || document == nil {
		return src, err
	}
	if len(document.Content) > 0 {
		src.root.yaml = document.Content[0]
		src.checkTree(src.root.yaml)
	}
	return src, nil
}

// load returns the one document of a text, or nil if the text is empty.
func (s *source) load(text []byte) (document *yaml.Node, err error) {
	defer func() {
		// The input may be anything, and the parser is not our code. Report a panic as an error of the file.
		if recover() != nil {
			document, err = nil, s.at(1, 1, "Check its indentation, quotes and brackets.", "not valid YAML")
		}
	}()
	limits := loaderlimits.New(loaderlimits.DepthValue(maxDepth), loaderlimits.AliasNone()) // checkTree counts aliases
	loader, err := yaml.NewLoader(bytes.NewReader(text), yaml.WithPlugin(limits))
	if err != nil {
		return nil, err
	}
	var first, next yaml.Node
	if err := loader.Load(&first); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, s.syntaxError(err)
	}
	if err := loader.Load(&next); err == nil {
		return nil, s.secondDocument(next.Line, next.Column)
	} else if !errors.Is(err, io.EOF) {
		return nil, s.syntaxError(err)
	}
	return &first, nil
}

func (s *source) secondDocument(line, column int) *Error {
	return s.at(line, column, "Remove the line --- or ... and what follows it, or what precedes it.", "a second document begins here, but Forge reads only one")
}

// isInvisible reports whether a character of a text cannot be seen, though Forge accepts it. The library reads some of these
// as a line break.
func isInvisible(r rune) bool {
	return '\u007f' <= r && r <= '\u009f' || r == '\u2028' || r == '\u2029'
}

// withoutInvisible returns a text with a replacement for each invisible character. Lines and columns stay the same.
func withoutInvisible(text []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if isInvisible(r) {
			return utf8.RuneError
		}
		return r
	}, text)
}

// checkCharacters refuses characters that YAML does not allow, and notes the first invisible one of each line.
func (s *source) checkCharacters() *Error {
	for i, line := range s.lines {
		column, noted := 0, false
		for at, r := range line {
			column++
			if r == utf8.RuneError && !strings.HasPrefix(line[at:], "\ufffd") {
				return s.at(i+1, column, "Save the file as UTF-8.", "a byte that is not UTF-8")
			}
			if r == '\t' || ' ' <= r && r != '\ufeff' && r != '\ufffe' && r != '\uffff' && !isInvisible(r) {
				continue
			}
			e := s.at(i+1, column, fmt.Sprintf(`Remove it, or write "\u%04x" in double quotes.`, r), fmt.Sprintf("the invisible character U+%04X", r))
			if !isInvisible(r) {
				return e
			}
			if !noted {
				e.accepted = true
				s.faults = append(s.faults, e)
				noted = true
			}
		}
	}
	return nil
}

// yamlDirective matches a %YAML directive, and yamlVersion one that has a version.
var (
	yamlDirective = regexp.MustCompile(`^%YAML([ \t]|$)`)
	yamlVersion   = regexp.MustCompile(`^%YAML[ \t]+([0-9]+\.[0-9]+)[ \t]*([ \t]#.*)?$`)
)

// withoutDirectives turns the directives before the document, which Forge ignores, into comments. The library accepts
// no version except 1.1, which Forge reads by other rules.
func (s *source) withoutDirectives(text []byte) ([]byte, *Error) {
	var found []int
	start, line, ended := 0, 0, false
	for ; line < len(s.lines); line++ {
		content := s.lines[line]
		trimmed := strings.TrimLeft(content, " \t")
		switch {
		case strings.HasPrefix(content, "%TAG"):
		case strings.HasPrefix(content, "%"):
			version := yamlVersion.FindStringSubmatch(content)
			if version == nil && yamlDirective.MatchString(content) {
				return nil, s.at(line+1, 1, `Write "%YAML 1.2", or remove the line.`, "a %YAML directive without a version")
			}
			if version != nil && version[1] == "1.1" {
				return nil, s.at(line+1, 1, `Remove the line, or write "%YAML 1.2".`, "YAML 1.1, in which yes, on and 010 have other meanings, is not supported")
			}
			found = append(found, start)
		case trimmed == "" || trimmed[0] == '#':
		case isMarker(content, "..."):
			ended = true // an empty document
		default:
			if ended {
				return nil, s.secondDocument(line+1, 1)
			}
			if len(found) > 0 && !isMarker(content, "---") {
				return nil, s.at(line+1, 1, "Write --- between the lines with % and the others.", "a directive without a document")
			}
			return commented(text, found), nil
		}
		start += bytes.IndexByte(text[start:], '\n') + 1
	}
	if len(found) > 0 {
		return nil, s.at(len(s.lines), 1, "Write --- after the lines with %, and the keys below it.", "a directive without a document")
	}
	return text, nil
}

func isMarker(line, marker string) bool {
	rest, ok := strings.CutPrefix(line, marker)
	return ok && (rest == "" || rest[0] == ' ' || rest[0] == '\t')
}

// withLastLine returns a text that ends with a line end. Without one, the library removes the line end of a block
// text.
func withLastLine(text []byte) []byte {
	if bytes.HasSuffix(text, []byte("\n")) {
		return text
	}
	return append(bytes.Clone(text), '\n')
}

func commented(text []byte, starts []int) []byte {
	if len(starts) > 0 {
		text = bytes.Clone(text)
	}
	for _, at := range starts {
		text[at] = '#'
	}
	return text
}

// syntaxError explains an error of the library.
func (s *source) syntaxError(err error) error {
	e, ok := errors.AsType[*yaml.LoadError](err)
	if !ok {
		return &Error{File: s.file, Msg: "is not valid YAML: " + err.Error()}
	}
	at := e.Mark
	msg, fix := e.Message, "Check the line's indentation, quotes and brackets."
	if e.ContextMsg != "" {
		msg += " " + e.ContextMsg
	}
	is := func(text string) bool { return strings.Contains(e.Message, text) }
	switch found := s.characterAt(at.Line, at.Column); {
	case is("max depth"):
		msg, fix = fmt.Sprintf("more than %d levels", maxDepth), "Is this the right file?"
	case is("tab character") || found == '\t' && is("cannot start any token"):
		msg, fix = "a tab where YAML allows only spaces", "Indent the line with spaces."
	case is("cannot start any token"):
		msg, fix = fmt.Sprintf("a value that begins with %c", found), "Write the value in quotes."
	case is("mapping values are not allowed"):
		msg, fix = "a colon where no key is allowed", "Write a text that contains a colon in quotes, and check the line's indentation."
	case is("expected '-' indicator"):
		msg, fix = "the list's next entry was expected here", `Begin each entry with "- ", and indent all of them alike.`
	case is("did not find expected key"):
		msg, fix = "the mapping's next key was expected here", "Check the line's indentation, and that quotes are closed where the value ends."
	case is("end of stream") && strings.Contains(e.ContextMsg, "quoted"):
		at, msg, fix = e.ContextMark, "a quote that is not closed", "Close it where the text ends."
	case at.Line > len(s.lines) && is("did not find expected ','"):
		at, msg, fix = e.ContextMark, "a bracket that is not closed", "Close it where the list or the mapping ends."
	case at.Line > len(s.lines) && strings.Contains(e.ContextMsg, "flow"):
		msg, fix = "the file ends between brackets", "Close each bracket where the list or the mapping ends."
	case is("could not find expected ':'"):
		at, msg, fix = e.ContextMark, "a line without a colon", `Write "key: value".`
	case is("alphabetic or numeric character") && strings.Contains(e.ContextMsg, "anchor"), strings.Contains(e.ContextMsg, "scanning an alias"):
		msg, fix = "an anchor name with characters other than letters, digits, - and _", "Choose another name. Write a text that begins with & or * in quotes."
	case is("unknown anchor"):
		msg, fix = "an alias of an unknown anchor", "Write the anchor, such as &name, before the alias *name. Write a text that begins with * in quotes."
	}
	return s.at(at.Line, at.Column, fix, "not valid YAML: "+msg)
}

// from returns a node's line, starting at the node.
func (s *source) from(n *yaml.Node) string {
	if n.Line < 1 || n.Line > len(s.lines) {
		return ""
	}
	text := s.lines[n.Line-1]
	at, ok := s.offsets[n.Line]
	if !ok { // once for all nodes of a line, which may be long
		for i := range text {
			at = append(at, i)
		}
		s.offsets[n.Line] = at
	}
	if n.Column < 1 || n.Column > len(at) {
		return ""
	}
	return text[at[n.Column-1]:]
}

func (s *source) characterAt(line, column int) rune {
	r, _ := utf8.DecodeRuneInString(s.from(&yaml.Node{Line: line, Column: column}))
	return r
}
