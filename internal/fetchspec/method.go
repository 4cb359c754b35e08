package fetchspec

import "github.com/forgego/forgego/internal/ascii"

// NormalizeMethod returns a method as fetch sends it: six methods in upper case, any other unchanged. See
// https://fetch.spec.whatwg.org/#concept-method-normalize
func NormalizeMethod(method string) string {
	switch upper := ascii.Upper(method); upper {
	case "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT":
		return upper
	}
	return method
}

// IsForbiddenMethod reports whether fetch refuses a method. See https://fetch.spec.whatwg.org/#forbidden-method
func IsForbiddenMethod(method string) bool {
	switch ascii.Upper(method) {
	case "CONNECT", "TRACE", "TRACK":
		return true
	}
	return false
}
