package bridge

import (
	"strings"
	"testing"
)

func TestJSONString(t *testing.T) {
	tests := map[string]struct {
		raw, want string
		ok        bool
	}{
		"plain":              {`"abc"`, "abc", true},
		"empty":              {`""`, "", true},
		"escapes":            {`"\"\\\/\b\f\n\r\t"`, "\"\\/\b\f\n\r\t", true},
		"unicode":            {`"\u00e9\u4E16"`, "é世", true},
		"pair of surrogates": {`"\ud83c\udf89!"`, "🎉!", true},
		"lone high":          {`"\ud83c!"`, "\uFFFD!", true},
		"lone low":           {`"\udf89"`, "\uFFFD", true},
		"high, then escape":  {`"\ud83c\n"`, "\uFFFD\n", true},
		"high, then high":    {`"\ud83c\ud83c\udf89"`, "\uFFFD🎉", true},
		"number":             {`5`, "", false},
		"not closed":         {`"abc`, "", false},
		"bad escape":         {`"\x"`, "", false},
		"short unicode":      {`"\u12"`, "", false},
		"control character":  {"\"\n\"", "", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got, ok := (&scanner{data: []byte(tt.raw)}).string(); got != tt.want || ok != tt.ok {
				t.Errorf("the text of %s is %q, %v; want %q, %v", tt.raw, got, ok, tt.want, tt.ok)
			}
		})
	}
}

func TestIsJSONObjectBoundsDepth(t *testing.T) {
	deep := func(n int) []byte {
		return []byte(strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n))
	}
	if !isJSONObject(deep(maxDepth)) {
		t.Errorf("%d levels were rejected", maxDepth)
	}
	for _, n := range []int{2 * maxDepth, 1_000_000} {
		if isJSONObject(deep(n)) {
			t.Errorf("%d levels were accepted", n)
		}
	}
}

func TestJSONInt(t *testing.T) {
	tests := map[string]struct {
		want int64
		ok   bool
	}{
		"0": {0, true}, "-0": {0, true}, "200": {200, true}, "-17": {-17, true},
		"999999999999999999": {999999999999999999, true}, "-999999999999999999": {-999999999999999999, true},
		"1000000000000000000": {0, false}, // 19 digits
		"1.5":                 {0, false}, "1e3": {0, false}, `"1"`: {0, false}, "null": {0, false}, "-": {0, false}, "01": {0, false}, "": {0, false},
	}
	for raw, tt := range tests {
		t.Run(raw, func(t *testing.T) {
			if got, ok := (&scanner{data: []byte(raw)}).int64(); got != tt.want || ok != tt.ok {
				t.Errorf("int64 returned %d, %v; want %d, %v", got, ok, tt.want, tt.ok)
			}
			if got, ok := (&scanner{data: []byte(raw)}).int(); ok && int64(got) != tt.want {
				t.Errorf("int returned %d, want %d", got, tt.want)
			}
		})
	}
}
