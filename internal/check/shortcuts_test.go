package check

import "testing"

func TestShortcutProblem(t *testing.T) {
	for text, want := range map[string]string{
		"k": "", "ctrl+shift+k": "", "g d": "", "shift+f10": "", "mod+plus": "", "日": "",
		"+": "has a space or a + in the wrong place", "ctrl +k": "has a space or a + in the wrong place", " k": "has a space or a + in the wrong place",
		"ctrl+ctrl+k": "has a key twice", "k+ctrl": "has ctrl after another key", "ctrl+kk": "has an unknown key", "control+k": "has an unknown key",
		"a+b": "has more than one key besides shift, ctrl and the like",
	} {
		if got := shortcutProblem(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
