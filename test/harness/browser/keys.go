package browser

import "unicode/utf8"

// Keys that have no character, for [Page.Press]. The values are those of WebDriver
// (https://www.w3.org/TR/webdriver2/#keyboard-actions).
const (
	Backspace  = "\uE003"
	Tab        = "\uE004"
	Enter      = "\uE007"
	Shift      = "\uE008"
	Control    = "\uE009"
	Escape     = "\uE00C"
	End        = "\uE010"
	Home       = "\uE011"
	ArrowLeft  = "\uE012"
	ArrowUp    = "\uE013"
	ArrowRight = "\uE014"
	ArrowDown  = "\uE015"
	F6         = "\uE036"
)

// stroke is one movement of a key.
type stroke struct {
	key rune
	// up is true when the key is released. A key that is pressed twice in a row repeats.
	up bool
}

// typed returns the strokes of keys that are pressed one after the other.
func typed(keys string) []stroke {
	var strokes []stroke
	for _, key := range keys {
		strokes = append(strokes, stroke{key: key}, stroke{key: key, up: true})
	}
	return strokes
}

// chord returns the strokes of keys that are pressed together.
func chord(keys ...string) []stroke {
	var strokes, ups []stroke
	for _, name := range keys {
		key, _ := utf8.DecodeRuneInString(name)
		strokes = append(strokes, stroke{key: key})
		ups = append([]stroke{{key: key, up: true}}, ups...)
	}
	return append(strokes, ups...)
}
