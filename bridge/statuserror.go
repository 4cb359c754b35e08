package bridge

import (
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/forgego/forgego/internal/ascii"
	"github.com/forgego/forgego/internal/utf8text"
	"github.com/forgego/forgego/secret"
)

const (
	// maxErrorBody is how many bytes of a body a [StatusError] keeps.
	maxErrorBody = 64 << 10
	// maxMessage is how many characters of the backend's text a [StatusError] keeps.
	maxMessage = 200
)

// StatusError is an answer with a status outside 200–299. It matches [ErrUnauthorized] for 401 and [ErrRateLimited] for
// 429. Calls return it in an [*Error]; errors.As finds it there.
type StatusError struct {
	// Status is the HTTP status, such as 404.
	Status int
	// StatusText is the text beside the status. It is often empty.
	StatusText string
	// Header holds the header fields of the answer.
	Header Header
	// Body is the start of the body as it arrived, at most 64 KiB. It may hold anything, so do not show it. It is not
	// part of the error's text.
	Body []byte
	// Message is what the backend said, as one printable line of at most 200 characters and without tokens. It is empty
	// if the body is not a JSON object with one of these members, of which the first counts: "detail" or "title" (RFC
	// 9457), "message", "error", "errorMessages" (a list, as Jira sends).
	Message string

	// product means that a product answered, and not a remote.
	product bool
}

// Error returns the status and the message. It holds no token.
func (e *StatusError) Error() string {
	text := "the remote"
	if e.product {
		text = "the product"
	}
	text += " answered " + strconv.Itoa(e.Status)
	if e.StatusText != "" {
		text += " " + e.StatusText
	}
	if e.Message != "" {
		text += ": " + e.Message
	}
	return text
}

// Is reports whether target is the sentinel for the status.
func (e *StatusError) Is(target error) bool {
	return e.Status == 401 && target == ErrUnauthorized || e.Status == 429 && target == ErrRateLimited
}

// Err returns nil if the response is OK, and otherwise an [*Error] with a [*StatusError]. For that it reads the body,
// up to 64 KiB, and closes it: use [Response.OK] to keep the body for yourself. A further call returns the same error.
func (r *Response) Err() error {
	if r.OK() {
		return nil
	}
	if b, ok := r.Body.(refusedBody); ok {
		return b.err
	}
	start := r.start()
	e := &StatusError{
		Status:     r.Status,
		StatusText: r.printable(r.StatusText),
		Header:     r.Header,
		Body:       start,
		Message:    r.message(start),
		product:    r.product,
	}
	err := &Error{Op: r.op, Remote: r.remote, Status: r.Status, Err: e}
	r.Body = refusedBody{err}
	return err
}

// refusedBody is the body of a response whose Err has been called. It keeps the error.
type refusedBody struct{ err error }

func (refusedBody) Read([]byte) (int, error) { return 0, ErrBodyRead }
func (refusedBody) Close() error             { return nil }

// start returns what has not been read of the body, up to the limit or until reading fails, and closes the body.
func (r *Response) start() []byte {
	if r.Body == nil { // the response is not from this package
		return nil
	}
	data, _ := io.ReadAll(io.LimitReader(r.Body, maxErrorBody))
	_ = r.Body.Close()
	return data
}

// message returns what the backend said in a body that may have been cut off. It does not decode into a Go value:
// a program that only reads texts does not link the code for that.
func (r *Response) message(body []byte) string {
	var detail, title, message, failure string
	var list []byte
	s := scanner{data: utf8text.TrimMark(body)}
	for name := range s.members() {
		switch name {
		case "detail":
			detail, _ = s.string()
		case "title":
			title, _ = s.string()
		case "message":
			message, _ = s.string()
		case "error":
			failure, _ = s.string()
		case "errorMessages":
			if s.peek() != '[' {
				continue
			}
			list = list[:0]
			for range s.elements() {
				if text, _ := s.string(); text != "" {
					if len(list) > 0 {
						list = append(list, "; "...)
					}
					list = append(list, text...)
				}
			}
		}
	}
	for _, text := range [...]string{detail, title, message, failure, string(list)} {
		if text = r.printable(text); text != "" {
			return text
		}
	}
	return ""
}

// printable returns text as one short line without tokens. All that is not printable becomes a space.
func (r *Response) printable(text string) string {
	line := make([]byte, 0, len(text))
	space := false
	for _, c := range text {
		if c == ' ' || !strconv.IsPrint(c) {
			space = len(line) > 0
			continue
		}
		if space {
			line = append(line, ' ')
			space = false
		}
		line = utf8.AppendRune(line, c)
	}
	text = string(line)
	if r.hide != nil {
		text = r.hide(text)
	}
	text = hideTokens(text)
	characters := 0
	for i := range text {
		if characters == maxMessage {
			return text[:i] + "…"
		}
		characters++
	}
	return text
}

const hidden = "[token]"

// hideTokens replaces what looks like a token: a JWT, and a long word after "Bearer".
func hideTokens(text string) string {
	words := strings.Split(text, " ")
	for i, word := range words {
		switch {
		case i > 0 && len(word) >= 16 && strings.HasSuffix(strings.TrimRight(ascii.Lower(words[i-1]), `:="'`), "bearer"):
			words[i] = hidden
		case strings.Contains(word, "eyJ"):
			words[i] = hideJWTs(word)
		}
	}
	return strings.Join(words, " ")
}

// hideJWTs replaces each JWT in word. The JSON of a JWT's header begins with {", which is eyJ in base64.
func hideJWTs(word string) string {
	var b []byte
	for {
		before, rest, found := strings.Cut(word, "eyJ")
		b = append(b, before...)
		if !found {
			return string(b)
		}
		end, dots := 0, 0
		for end < len(rest) && isTokenByte(rest[end]) {
			if rest[end] == '.' {
				dots++
			}
			end++
		}
		if dots > 0 {
			b = append(b, hidden...)
		} else {
			b = append(append(b, "eyJ"...), rest[:end]...)
		}
		word = rest[end:]
	}
}

func isTokenByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.'
}

// hideSecret returns text without the secret.
func hideSecret(s secret.Text, text string) string {
	if s.IsZero() {
		return text
	}
	return strings.ReplaceAll(text, s.Reveal(), hidden)
}
