package jsoncodec

// These functions read JSON without keeping it. They return the index after what they read. If something is wrong, they
// return a problem, and the index of the byte that is wrong.

// problem says what is wrong with a text. It is empty if nothing is.
type problem string

const (
	noValue     problem = "expected a value"
	noName      problem = "expected a name in quotes"
	noColon     problem = "expected a colon"
	noNextName  problem = "expected a comma or }"
	noNextValue problem = "expected a comma or ]"
	noDigit     problem = "expected a digit"
	noEnd       problem = "expected the end of the text"
	noQuote     problem = "expected the end of a string"
	badEscape   problem = "expected an escape of JSON"
	badControl  problem = "a control character must be escaped"
	badWord     problem = "expected true, false or null"
	tooDeep     problem = "too deep"
)

// skipSpace returns the index after the white space at i. It is inlined, because most often there is no white space.
func skipSpace(data []byte, i int) int {
	if i < len(data) && data[i] <= ' ' {
		return skipSpaces(data, i)
	}
	return i
}

//go:noinline
func skipSpaces(data []byte, i int) int {
	for i < len(data) && (data[i] == ' ' || data[i] == '\n' || data[i] == '\t' || data[i] == '\r') {
		i++
	}
	return i
}

// skip reads the value that starts at i. So many objects and arrays are open already. It is not recursive, so that no
// text can exhaust a stack.
func skip(data []byte, i, open int) (int, problem) {
	// Each bit is an open container: 1 for an object, 0 for an array.
	var objects [MaxDepth/64 + 1]uint64
	depth := 0
	for {
		if i >= len(data) {
			return i, noValue
		}
		var wrong problem
		switch c := data[i]; c {
		case '"':
			i, wrong = skipString(data, i)
		case '{', '[':
			if open+depth == MaxDepth {
				return i, tooDeep
			}
			i = skipSpace(data, i+1)
			if i < len(data) && data[i] == c+2 { // in ASCII, "}" is "{"+2, and "]" is "["+2
				i++
				break
			}
			bit := uint64(1) << (depth % 64)
			objects[depth/64] &^= bit
			depth++
			if c == '{' {
				objects[(depth-1)/64] |= bit
				if i, wrong = skipName(data, i); wrong != "" {
					return i, wrong
				}
			}
			continue
		case 't':
			i, wrong = skipWord(data, i, "true")
		case 'f':
			i, wrong = skipWord(data, i, "false")
		case 'n':
			i, wrong = skipWord(data, i, "null")
		default:
			i, wrong = skipNumber(data, i)
		}
		if wrong != "" {
			return i, wrong
		}
		// After a value: read what ends here, and then the start of the next value.
		for {
			if depth == 0 {
				return i, ""
			}
			isObject := objects[(depth-1)/64]>>((depth-1)%64)&1 == 1
			end, missing := byte(']'), noNextValue
			if isObject {
				end, missing = '}', noNextName
			}
			i = skipSpace(data, i)
			if i >= len(data) {
				return i, missing
			}
			if data[i] == end {
				i++
				depth--
				continue
			}
			if data[i] != ',' {
				return i, missing
			}
			i = skipSpace(data, i+1)
			if isObject {
				if i, wrong = skipName(data, i); wrong != "" {
					return i, wrong
				}
			}
			break
		}
	}
}

// skipName reads a member's name that starts at i, its colon, and white space.
func skipName(data []byte, i int) (int, problem) {
	if i >= len(data) || data[i] != '"' {
		return i, noName
	}
	i, wrong := skipString(data, i)
	if wrong != "" {
		return i, wrong
	}
	if i = skipSpace(data, i); i >= len(data) || data[i] != ':' {
		return i, noColon
	}
	return skipSpace(data, i+1), ""
}

// skipWord reads the word at i, of which the first letter is there.
func skipWord(data []byte, i int, word string) (int, problem) {
	for n := 1; n < len(word); n++ {
		if i+n >= len(data) || data[i+n] != word[n] {
			return min(i+n, len(data)), badWord
		}
	}
	return i + len(word), ""
}

// skipString reads the string whose opening quote is at i.
func skipString(data []byte, i int) (int, problem) {
	i++
	for {
		i, _ = plainEnd(data, i)
		switch {
		case i >= len(data):
			return i, noQuote
		case data[i] == '"':
			return i + 1, ""
		case data[i] != '\\':
			return i, badControl
		}
		end, wrong := skipEscape(data, i)
		if wrong != "" {
			return end, wrong
		}
		i = end
	}
}

// skipEscape reads the escape whose backslash is at i.
func skipEscape(data []byte, i int) (int, problem) {
	i++
	if i >= len(data) {
		return i, badEscape
	}
	switch data[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 1, ""
	case 'u':
		for n := 1; n <= 4; n++ {
			if i+n >= len(data) || digitValue(data[i+n]) < 0 {
				return min(i+n, len(data)), badEscape
			}
		}
		return i + 5, ""
	}
	return i, badEscape
}

// digitValue returns the value of a hexadecimal digit, or -1.
func digitValue(c byte) rune {
	switch {
	case '0' <= c && c <= '9':
		return rune(c - '0')
	case 'a' <= c && c <= 'f':
		return rune(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return rune(c-'A') + 10
	}
	return -1
}

// skipNumber reads the number that starts at i.
func skipNumber(data []byte, i int) (int, problem) {
	start := i
	if i < len(data) && data[i] == '-' {
		i++
	}
	first := i
	if i = skipDigits(data, i); i == first {
		if i == start {
			return i, noValue
		}
		return i, noDigit
	}
	if data[first] == '0' {
		i = first + 1 // what follows is not part of the number
	}
	if i < len(data) && data[i] == '.' {
		first = i + 1
		if i = skipDigits(data, first); i == first {
			return i, noDigit
		}
	}
	if i < len(data) && data[i]|0x20 == 'e' {
		i++
		if i < len(data) && (data[i] == '+' || data[i] == '-') {
			i++
		}
		first = i
		if i = skipDigits(data, first); i == first {
			return i, noDigit
		}
	}
	return i, ""
}

func skipDigits(data []byte, i int) int {
	for i < len(data) && data[i]-'0' < 10 {
		i++
	}
	return i
}

// skipText reads a whole text: one value, with white space around it.
func skipText(data []byte) (int, problem) {
	i, wrong := skip(data, skipSpace(data, 0), 0)
	if wrong != "" {
		return i, wrong
	}
	if i = skipSpace(data, i); i < len(data) {
		return i, noEnd
	}
	return i, ""
}

// failure returns the error for a problem at index i.
//
//go:noinline
func failure(data []byte, i int, wrong problem) error {
	switch {
	case wrong == tooDeep:
		return ErrTooDeep
	case i >= len(data):
		return &SyntaxError{"the text ends too early: " + string(wrong), int64(len(data))}
	}
	return &SyntaxError{string(wrong), int64(i) + 1}
}

// appendCompact appends a JSON text without white space. So many objects and arrays are open already.
func appendCompact(b, text []byte, open int) ([]byte, error) {
	start := skipSpace(text, 0)
	end, wrong := skip(text, start, open)
	if wrong == "" {
		if rest := skipSpace(text, end); rest < len(text) {
			end, wrong = rest, noEnd
		}
	}
	if wrong != "" {
		return b, failure(text, end, wrong)
	}
	for i := start; i < end; i++ {
		switch c := text[i]; {
		case c == '"':
			after, _ := skipString(text, i)
			b = append(b, text[i:after]...)
			i = after - 1
		case c > ' ':
			b = append(b, c)
		}
	}
	return b, nil
}
