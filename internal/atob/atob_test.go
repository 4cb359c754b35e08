package atob

import "testing"

func TestDecode(t *testing.T) {
	for text, want := range map[string]string{
		"":                 "",
		"YQ==":             "a",
		"YQ":               "a",
		"YWI=":             "ab",
		"YWI":              "ab",
		"YWJj":             "abc",
		" Y\tW\nJ\fj\r":    "abc",
		"Y Q = =":          "a",
		"YR==":             "a",
		"AP/+":             "\x00\xff\xfe",
		"aGVsbG8gd29ybGQh": "hello world!",
	} {
		if got, err := Decode(text); string(got) != want || err != nil {
			t.Errorf("Decode(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"Y", "YQ=", "YQ===", "=", "====", "YWJj=", "Y-_j", "é", "YQ==YQ=="} {
		if got, err := Decode(text); err == nil {
			t.Errorf("Decode(%q) = %q, want an error", text, got)
		}
	}
}
