package check

import (
	"regexp"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/manifest"
)

// The keys of a keyboard shortcut, by @forge/manifest 13.7.0. Others are single characters.
var (
	modifierKeys = strings.Fields("shift ctrl alt option meta command mod")
	namedKeys    = strings.Fields("f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 f11 f12 backspace tab enter return capslock esc escape pageup pagedown " +
		"space end home left up right down ins del plus")
	brokenShortcut = regexp.MustCompile(`^\+$| \+|\+ |^ | $`)
)

// shortcuts checks keyboard shortcuts, such as "ctrl+shift+k" or "g d".
func (c *checker) shortcuts() {
	for _, module := range c.each() {
		at := module.Get("keyboardShortcut", "accelerator")
		if at == nil || at.Kind != manifest.Text || at.Text == "" {
			continue
		}
		if why := shortcutProblem(at.Text); why != "" {
			c.fail(at, "Write + between keys that are pressed together, such as ctrl+shift+k.", "the keyboard shortcut %q %s", at.Text, why)
		}
	}
}

func shortcutProblem(text string) string {
	if brokenShortcut.MatchString(text) {
		return "has a space or a + in the wrong place"
	}
	for combination := range strings.SplitSeq(text, " ") {
		others := 0
		keys := strings.Split(combination, "+")
		for i, key := range keys {
			switch {
			case slices.Contains(keys[:i], key):
				return "has a key twice"
			case slices.Contains(modifierKeys, key):
				if others > 0 {
					return "has " + key + " after another key"
				}
			case len([]rune(key)) != 1 && !slices.Contains(namedKeys, key):
				return "has an unknown key"
			default:
				if others++; others > 1 {
					return "has more than one key besides shift, ctrl and the like"
				}
			}
		}
	}
	return ""
}
