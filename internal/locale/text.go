package locale

import "strings"

// Text returns the text for a key in a translation file, as @forge/i18n 1.0.0 finds it: the member with that name, or, if
// that is missing or empty, the one at that path. A part of the path is a member's name or, in an array, an index.
func Text(file map[string]any, key string) (text string, ok bool) {
	value := file[key]
	if isFalsy(value) && strings.Contains(key, ".") {
		value = file
		for part := range strings.SplitSeq(key, ".") {
			switch within := value.(type) {
			case map[string]any:
				value = within[part]
			case []any:
				value = element(within, part)
			default:
				return "", false
			}
		}
	}
	text, ok = value.(string)
	return text, ok
}

// isFalsy reports whether JavaScript treats a value of JSON as false.
func isFalsy(value any) bool {
	return value == nil || value == "" || value == false || value == 0.0
}

// element returns the element with this index, or nil. JavaScript reads only an index that is written as it writes it.
func element(list []any, index string) any {
	if index == "" || len(index) > 1 && index[0] == '0' {
		return nil
	}
	n := 0
	for _, c := range []byte(index) {
		if c < '0' || c > '9' || n >= len(list) {
			return nil
		}
		n = 10*n + int(c-'0')
	}
	if n >= len(list) {
		return nil
	}
	return list[n]
}
