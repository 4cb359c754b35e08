package main

import (
	"regexp"
	"strings"
)

// frameFile is the second line of a frame in Go's stacks: "\texample.com/app/main.go:9 +0x3".
var frameFile = regexp.MustCompile(`^\t\S.*\.(go|s):\d+( \+0x[0-9a-f]+)?$`)

// withoutLibraries returns a text without those frames of Go's stacks that are of the standard library or of forgego's own
// packages, so that the app's frames come first. A frame is two lines: the function, and after a tab its file. If no other
// frame is left, it returns the text as it is.
func withoutLibraries(text string) string {
	lines := strings.Split(text, "\n")
	var kept []string
	frames := 0
	for i := 0; i < len(lines); i++ {
		if i+1 == len(lines) || !frameFile.MatchString(lines[i+1]) {
			kept = append(kept, lines[i])
			continue
		}
		if !isLibrary(lines[i]) {
			kept = append(kept, lines[i], lines[i+1])
			frames++
		}
		i++
	}
	if frames == 0 {
		return text
	}
	return strings.Join(kept, "\n")
}

// isLibrary reports whether a function, as in "example.com/app/search.Find(...)", is one of the standard library, whose import
// paths have no dot in their first element, or of forgego.
func isLibrary(function string) bool {
	function = strings.TrimPrefix(function, "created by ")
	if own, ok := strings.CutPrefix(function, "github.com/forgego/forgego/"); ok {
		return strings.HasPrefix(own, "internal/") || strings.HasPrefix(own, "bridge/") || strings.HasPrefix(own, "bridge.") || strings.HasPrefix(own, "wasm.")
	}
	root, _, isPath := strings.Cut(function, "/")
	if strings.ContainsAny(root, "({") || !isPath { // the slash is in an argument, or there is none
		return !strings.HasPrefix(function, "main.")
	}
	return !strings.Contains(root, ".")
}
