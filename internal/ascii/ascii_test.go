package ascii

import "testing"

func TestCase(t *testing.T) {
	for text, want := range map[string][2]string{
		"":              {"", ""},
		"Content-Type":  {"content-type", "CONTENT-TYPE"},
		"@AZ[`az{ 09":   {"@az[`az{ 09", "@AZ[`AZ{ 09"},
		"ÄÖ K (Kelvin)": {"ÄÖ k (kelvin)", "ÄÖ K (KELVIN)"},
		"\xffA":         {"\xffa", "\xffA"},
	} {
		if got := [2]string{Lower(text), Upper(text)}; got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestCaseAllocs(t *testing.T) {
	if n := testing.AllocsPerRun(10, func() { Lower("content-type"); Upper("POST") }); n > 0 {
		t.Errorf("an unchanged text costs %v allocations", n)
	}
}
