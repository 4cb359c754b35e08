package devhost

import (
	"bytes"
	"iter"
	"strings"
)

// startTag is an element's start in an HTML document.
type startTag struct {
	// name is in lower case.
	name string
	// end is the offset behind the tag's ">".
	end int
	// text is the content of an element whose content is not markup, such as a script; nil for other elements.
	text []byte

	attributes []byte
}

const space = " \t\n\f\r"

// startTags yields the start tags of a document in their order. It steps over comments, declarations and end tags, and
// over the content of elements that hold text only. It reads any bytes; what is cut off at the end is left out.
func startTags(doc []byte) iter.Seq[startTag] {
	return func(yield func(startTag) bool) {
		for at := 0; ; {
			open := bytes.IndexByte(doc[at:], '<')
			if open < 0 {
				return
			}
			at += open
			if at+1 >= len(doc) {
				return
			}
			if !isLetter(doc[at+1]) {
				at = skipOther(doc, at)
				continue
			}
			end, ok := tagEnd(doc, at+1)
			if !ok {
				return
			}
			tag := newStartTag(doc[at+1:end-1], end)
			at = end
			if holdsText(tag.name) {
				length, next := textLength(doc[end:], tag.name)
				tag.text = doc[end : end+length]
				at = end + next
			}
			if !yield(tag) {
				return
			}
		}
	}
}

func newStartTag(inside []byte, end int) startTag {
	name, attributes := inside, []byte(nil)
	if cut := bytes.IndexAny(inside, space+"/"); cut >= 0 {
		name, attributes = inside[:cut], inside[cut:]
	}
	return startTag{name: strings.ToLower(string(name)), end: end, attributes: attributes}
}

// skipOther returns the offset behind what starts with "<" at an offset but is no start tag.
func skipOther(doc []byte, at int) int {
	rest := doc[at:]
	switch {
	case bytes.HasPrefix(rest, []byte("<!-->")):
		return at + len("<!-->")
	case bytes.HasPrefix(rest, []byte("<!--->")):
		return at + len("<!--->")
	case bytes.HasPrefix(rest, []byte("<!--")):
		return behind(doc, at+len("<!--"), "-->")
	case bytes.HasPrefix(rest, []byte("<!")), bytes.HasPrefix(rest, []byte("<?")), bytes.HasPrefix(rest, []byte("</")):
		return behind(doc, at+2, ">")
	}
	return at + 1
}

func behind(doc []byte, from int, mark string) int {
	found := bytes.Index(doc[from:], []byte(mark))
	if found < 0 {
		return len(doc)
	}
	return from + found + len(mark)
}

// tagEnd finds the offset behind the ">" of a tag. A ">" in a quoted attribute value does not end it, and a quote
// counts only where a value may start.
func tagEnd(doc []byte, at int) (int, bool) {
	quote, afterEquals := byte(0), false
	for ; at < len(doc); at++ {
		c := doc[at]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '>':
			return at + 1, true
		case (c == '"' || c == '\'') && afterEquals:
			quote, afterEquals = c, false
		case c == '=':
			afterEquals = true
		case strings.IndexByte(space, c) < 0:
			afterEquals = false
		}
	}
	return 0, false
}

// attribute returns the value of the first attribute of a name, as it is written, and whether there is one.
func (t startTag) attribute(name string) (string, bool) {
	rest := t.attributes
	for {
		rest = bytes.TrimLeft(rest, space+"/")
		if len(rest) == 0 {
			return "", false
		}
		// A name may start with "=".
		cut := bytes.IndexAny(rest[1:], space+"/=") + 1
		if cut == 0 {
			cut = len(rest)
		}
		key := rest[:cut]
		var value []byte
		value, rest = attributeValue(bytes.TrimLeft(rest[cut:], space))
		if strings.EqualFold(string(key), name) {
			return string(value), true
		}
	}
}

func attributeValue(rest []byte) (value, after []byte) {
	if len(rest) == 0 || rest[0] != '=' {
		return nil, rest
	}
	rest = bytes.TrimLeft(rest[1:], space)
	if len(rest) > 0 && (rest[0] == '"' || rest[0] == '\'') {
		value, after, _ = bytes.Cut(rest[1:], rest[:1])
		return value, after
	}
	if cut := bytes.IndexAny(rest, space); cut >= 0 {
		return rest[:cut], rest[cut:]
	}
	return rest, nil
}

func holdsText(name string) bool {
	switch name {
	case "script", "style", "title", "textarea", "xmp":
		return true
	}
	return false
}

// textLength returns the length of an element's text and the offset of its end tag, or of the end of the document.
func textLength(doc []byte, name string) (length, next int) {
	for at := 0; at < len(doc); at++ {
		if doc[at] != '<' {
			continue
		}
		end := at + len("</") + len(name)
		if end > len(doc) || doc[at+1] != '/' || !strings.EqualFold(string(doc[at+2:end]), name) {
			continue
		}
		if end == len(doc) || strings.IndexByte(space+"/>", doc[end]) >= 0 {
			return at, at
		}
	}
	return len(doc), len(doc)
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
