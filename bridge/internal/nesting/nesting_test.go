package nesting

import (
	"errors"
	"strings"
	"testing"
)

func TestDepth(t *testing.T) {
	for text, want := range map[string]int{
		`5`: 0, `"[{"`: 0, `[]`: 1, `{"a":[1,[2]],"b":{}}`: 3, `["\"[[[",[]]`: 2, `["\\",[[]]]`: 3, `"\`: 0, `[[[`: 3, ``: 0,
		`[[]][[]]`: 2,
	} {
		if got := depth([]byte(text)); got != want {
			t.Errorf("%s nests %d deep, want %d", text, got, want)
		}
	}
}

func TestUnmarshal(t *testing.T) {
	for levels, tooDeep := range map[int]bool{1: false, maxDepth: false, maxDepth + 1: stackIsFixed, 9000: stackIsFixed} {
		var v any
		err := Unmarshal([]byte(strings.Repeat("[", levels)+strings.Repeat("]", levels)), &v)
		if errors.Is(err, ErrTooDeep) != tooDeep || !tooDeep && (err != nil || v == nil) {
			t.Errorf("%d levels: %v", levels, err)
		}
	}
}
