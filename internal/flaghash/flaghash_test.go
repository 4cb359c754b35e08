package flaghash

import "testing"

// The hashes are those of getHashedValue in @forge/bridge 7.2.0. The cases of test/conformance compare both in a browser.
func TestOf(t *testing.T) {
	for name, want := range map[string]string{
		"new-board":                        "1845781252",
		"  new-board\t":                    "1845781252",
		"a":                                "177670",
		"flag_with_a_long_name_0123456789": "3024674965",
		"größe":                            "260674264",
		"🚀-launch":                         "1974010506",
		"\u0085x":                          "5864418",
		"\ufeffx":                          "177693",
		"\u2028x\u3000":                    "177693",
		"":                                 "",
		"\u00a0\n":                         "",
	} {
		if got := Of(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
