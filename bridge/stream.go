package bridge

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/forgego/forgego/bridge/internal/ctxerr"
	"github.com/forgego/forgego/internal/ascii"
	"github.com/forgego/forgego/internal/nesting"
	"github.com/forgego/forgego/internal/utf8text"
)

// maxElement is how many bytes an element of a [Stream] may have.
const maxElement = 1 << 20

// Stream sends a request and returns the elements of the answer, one after the other: those of a JSON array, or the
// lines of JSON Lines (https://jsonlines.org). If the client sends requests by [WithDirect], each element is there as soon
// as it has arrived, however long the whole body is. Through the host the body is complete before the first element.
//
//	for note, err := range bridge.Stream[Note](ctx, "notes-api", bridge.Request{Path: "/notes"}) {
//		if err != nil {
//			return err
//		}
//		…
//	}
//
// Each loop sends the request. When the loop ends, the body is closed, and so is the request if it has not ended. An
// error is the last value of the loop. The errors are those of [Do]. [ErrInvalidResponse] is also an element of more
// than 1 MiB, and an array that does not end. If ctx ends, the request stops, and the error is the reason why ctx ended.
//
// If the content type is application/x-ndjson, application/ndjson, application/jsonl or application/x-jsonlines, the
// answer has lines. With another content type, it is an array if it starts with "[", and otherwise it has lines. Empty
// lines are ignored. An empty body has no elements.
func Stream[T any, To Target](ctx context.Context, to To, request Request) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		err := stream(ctx, to, request, func(element []byte) error {
			var value T
			if err := nesting.Unmarshal(element, &value); err != nil {
				return err
			}
			if !yield(value, nil) {
				return errLeft
			}
			return nil
		})
		if err != nil {
			var none T
			yield(none, err)
		}
	}
}

// stream calls decode with the JSON of each element, which is valid during the call. If decode returns errLeft, stream
// ends without an error.
func stream(ctx context.Context, to any, request Request, decode func(element []byte) error) error {
	resp, err := send(ctx, to, request)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	s := splitter{body: resp.Body, lines: hasLines(resp.Header.Get("Content-Type"))}
	elements := bufio.NewScanner(&s)
	elements.Buffer(nil, maxElement+1) // and a comma or a line end
	elements.Split(s.split)
	for n := 1; elements.Scan(); n++ {
		if ctx.Err() != nil {
			return &Error{Op: resp.op, Remote: resp.remote, Err: ctxerr.Of(ctx)}
		}
		switch err := decode(elements.Bytes()); err {
		case nil:
		case errLeft:
			return nil
		default:
			return resp.invalid("element " + strconv.Itoa(n) + " of the body is not the expected JSON: " + nesting.Problem(err))
		}
	}
	switch err := elements.Err(); err {
	case nil:
		return nil
	case bufio.ErrTooLong:
		return resp.invalid("an element of the body has more than " + strconv.Itoa(maxElement) + " bytes")
	case errNoEnd, errAfterArray:
		return resp.invalid(err.Error())
	default:
		return callError(ctx, resp.op, resp.remote, err)
	}
}

// hasLines reports whether a body of this type is JSON Lines. No type is registered; these are in use.
func hasLines(contentType string) bool {
	contentType, _, _ = strings.Cut(contentType, ";")
	switch ascii.Lower(strings.TrimSpace(contentType)) {
	case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines":
		return true
	}
	return false
}

var (
	errNoEnd      = errors.New("the body ends before its array does")
	errAfterArray = errors.New("something follows the array in the body: if each line is an array, send the content type application/x-ndjson")
)

const (
	// mark is the byte order mark.
	mark = "\uFEFF"
	// space is the white space of JSON.
	space = " \t\r\n"
)

// splitter splits a body into its elements. It finds only where they end: whether they are JSON is checked later.
type splitter struct {
	body io.Reader
	// broken means that reading the body failed.
	broken bool
	// lines means that each line is an element.
	lines bool
	// begun means that the first character has been seen, and ended that the array has ended.
	begun, ended bool
	// follows means that an element or a comma was read, so that another element must follow the comma.
	follows bool
	// at is how far the current element has been looked at. Within it, depth is how many objects and arrays are open;
	// quoted and escaped mean that the next character is in a string, and that it follows a backslash.
	at, depth       int
	quoted, escaped bool
}

// Read reads the body for the [bufio.Scanner], which would take what comes before a failure for the last line.
func (s *splitter) Read(p []byte) (int, error) {
	n, err := s.body.Read(p)
	s.broken = err != nil && err != io.EOF
	return n, err
}

// split is a [bufio.SplitFunc]. A [bufio.Scanner] reads on if split returns no element, so split returns one if it can.
func (s *splitter) split(data []byte, atEOF bool) (advance int, element []byte, err error) {
	if !s.begun {
		if advance = s.begin(data, atEOF); !s.begun {
			return 0, nil, nil
		}
	}
	for {
		n, element, err := s.step(data[advance:], atEOF)
		advance += n
		if n == 0 || element != nil || err != nil {
			return advance, element, err
		}
	}
}

// begin returns the length of the white space and the byte order mark at the start, and of the bracket that opens an
// array. It sets begun, unless more must be read first.
func (s *splitter) begin(data []byte, atEOF bool) int {
	rest := bytes.TrimLeft(utf8text.TrimMark(data), space)
	if !atEOF && (len(rest) == 0 || len(data) < len(mark) && strings.HasPrefix(mark, string(data))) {
		return 0
	}
	s.begun = true
	skipped := len(data) - len(rest)
	if !s.lines && len(rest) > 0 && rest[0] == '[' {
		return skipped + 1
	}
	s.lines = true
	return skipped
}

// step returns the next element, or nil if it only skips something. It returns 0 if more must be read first.
func (s *splitter) step(data []byte, atEOF bool) (advance int, element []byte, err error) {
	switch {
	case s.lines:
		return s.line(data, atEOF)
	case !s.ended:
		return s.next(data, atEOF)
	case len(trimSpace(data)) > 0:
		return 0, nil, errAfterArray
	}
	return len(data), nil, nil
}

// line returns the next line.
func (s *splitter) line(data []byte, atEOF bool) (advance int, element []byte, err error) {
	end := bytes.IndexByte(data[s.at:], '\n')
	switch {
	case end >= 0:
		end += s.at
		advance = end + 1
	case atEOF && !s.broken:
		end, advance = len(data), len(data)
	default:
		s.at = len(data)
		return 0, nil, nil
	}
	s.at = 0
	if element = trimSpace(data[:end]); len(element) == 0 {
		return advance, nil, nil
	}
	return advance, element, nil
}

// next returns the next element of the array.
func (s *splitter) next(data []byte, atEOF bool) (advance int, element []byte, err error) {
	for ; s.at < len(data); s.at++ {
		c := data[s.at]
		switch {
		case s.escaped:
			s.escaped = false
		case s.quoted:
			s.escaped = c == '\\'
			s.quoted = c != '"'
		case c == '"':
			s.quoted = true
		case c == '{' || c == '[':
			s.depth++
		case s.depth > 0:
			if c == '}' || c == ']' {
				s.depth--
			}
		case c == ',' || c == ']':
			end := s.at
			s.at = 0
			s.ended = c == ']'
			if element = trimSpace(data[:end]); s.ended && !s.follows && len(element) == 0 {
				return end + 1, nil, nil // an empty array
			}
			s.follows = true
			return end + 1, element, nil
		}
	}
	if atEOF {
		return 0, nil, errNoEnd
	}
	return 0, nil, nil
}

// trimSpace returns b without the white space around it. The result is not nil: a [bufio.Scanner] skips nil.
func trimSpace(b []byte) []byte {
	if b = bytes.Trim(b, space); b == nil {
		return []byte{}
	}
	return b
}
