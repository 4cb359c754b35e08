package bridge

// bad is the index behind what is not JSON.
const bad = -1

// maxDepth is how deep values may nest: that of encoding/json.
const maxDepth = 10000

// skipValue gives the index behind the value that starts at i. It keeps the open objects and arrays in a list and not on
// the stack, so that no answer can exhaust a stack that does not grow.
func skipValue(data []byte, i int) int {
	// How each of them ends.
	var room [64]byte
	open := room[:0]
	for {
		if i == len(data) {
			return bad
		}
		switch c := data[i]; {
		case c == '"':
			i = skipString(data, i)
		case c == '{' || c == '[':
			if len(open) == maxDepth {
				return bad
			}
			end := c + 2 // in ASCII, "}" and "]" stand two behind "{" and "["
			i = skipSpace(data, i+1)
			if i < len(data) && data[i] == end {
				i++
				break
			}
			open = append(open, end)
			if c == '{' {
				if i = skipName(data, i); i == bad {
					return bad
				}
			}
			continue
		case c == 't':
			i = skipWord(data, i, "true")
		case c == 'f':
			i = skipWord(data, i, "false")
		case c == 'n':
			i = skipWord(data, i, "null")
		default:
			i = skipNumber(data, i)
		}
		if i == bad {
			return bad
		}
		// Behind a value: whatever ends with it, and the beginning of the next.
		for more := false; !more; {
			if len(open) == 0 {
				return i
			}
			i = skipSpace(data, i)
			if i == len(data) {
				return bad
			}
			end := open[len(open)-1]
			switch data[i] {
			case end:
				i++
				open = open[:len(open)-1]
			case ',':
				more = true
				i = skipSpace(data, i+1)
				if end == '}' {
					if i = skipName(data, i); i == bad {
						return bad
					}
				}
			default:
				return bad
			}
		}
	}
}

// skipName gives the index of the value of the member whose name starts at i.
func skipName(data []byte, i int) int {
	if i = skipString(data, i); i == bad {
		return bad
	}
	if i = skipSpace(data, i); i == len(data) || data[i] != ':' {
		return bad
	}
	return skipSpace(data, i+1)
}

// skipSpace gives the index behind the white space at i. Mostly there is none, which needs no call: this is inlined.
func skipSpace(data []byte, i int) int {
	if i < len(data) && data[i] <= ' ' {
		return skipSpaces(data, i)
	}
	return i
}

func skipSpaces(data []byte, i int) int {
	for i < len(data) && isSpace(data[i]) {
		i++
	}
	return i
}

func isSpace(c byte) bool {
	return c <= ' ' && (c == ' ' || c == '\n' || c == '\t' || c == '\r')
}

func skipWord(data []byte, i int, word string) int {
	if end := i + len(word); end <= len(data) && string(data[i:end]) == word {
		return end
	}
	return bad
}

func skipString(data []byte, i int) int {
	if i >= len(data) || data[i] != '"' {
		return bad
	}
	for i++; ; i++ {
		if i += plain(data[i:]); i == len(data) {
			return bad
		}
		switch c := data[i]; {
		case c == '"':
			return i + 1
		case c < ' ':
			return bad
		case c == '\\':
			i++
			if i == len(data) {
				return bad
			}
			switch data[i] {
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
			case 'u':
				if i+4 >= len(data) || hex4(data[i+1:i+5]) < 0 {
					return bad
				}
				i += 4
			default:
				return bad
			}
		}
	}
}

func skipNumber(data []byte, i int) int {
	if i < len(data) && data[i] == '-' {
		i++
	}
	start := i
	if i = skipDigits(data, i); i == start || data[start] == '0' && i > start+1 {
		return bad
	}
	if i < len(data) && data[i] == '.' {
		start = i + 1
		if i = skipDigits(data, start); i == start {
			return bad
		}
	}
	if i < len(data) && (data[i] == 'e' || data[i] == 'E') {
		i++
		if i < len(data) && (data[i] == '+' || data[i] == '-') {
			i++
		}
		start = i
		if i = skipDigits(data, i); i == start {
			return bad
		}
	}
	return i
}

func skipDigits(data []byte, i int) int {
	for i < len(data) && '0' <= data[i] && data[i] <= '9' {
		i++
	}
	return i
}
