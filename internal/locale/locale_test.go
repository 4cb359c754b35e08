package locale

import "testing"

func TestEnsure(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"en-US", "en-US"},
		{"en_GB", "en-GB"},
		{"en", "en-US"},
		{"en-UK", "en-GB"},
		{"en_UK", "en-GB"},
		{"zh", "zh-CN"},
		{"zh-TW", "zh-TW"},
		{"pt", "pt-PT"},
		{"pt-BR", "pt-BR"},
		{"no", "no-NO"},
		{"nb", "no-NO"},
		{"nb_NO", "no-NO"},
		{"sv", "sv-SE"},
		{"", ""},
		{"de-AT", ""},
		{"DE", ""},
		{"en-us", ""},
		{"zh_Hans_CN", ""},
		{"e", ""},
		{"constructor", ""}, // the official client finds this name in Object.prototype
	} {
		t.Run(c.text, func(t *testing.T) {
			got, ok := Ensure(c.text)
			if got != c.want || ok != (c.want != "") {
				t.Errorf("got %q, %v, want %q", got, ok, c.want)
			}
		})
	}
}

func TestEnsureKeepsEveryCode(t *testing.T) {
	for _, code := range codes {
		if got, ok := Ensure(code); got != code || !ok {
			t.Errorf("%s: got %q, %v", code, got, ok)
		}
	}
}
