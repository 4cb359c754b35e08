package function

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

var (
	// namedError matches a line that begins with the kind of an error: "Error: no luck", "AssertionError [ERR_ASSERTION]: …",
	// "java.lang.RuntimeException: …", "panic: …", "Exception in thread "main" …", "Unhandled exception. …".
	namedError = regexp.MustCompile(`^(?:panic|fatal error|error|(?:PHP )?Fatal error|[\w.$:]*(?:Error|Exception)(?: \[\w+\])?): |^Exception in thread "|^Unhandled exception\. `)
	// noise matches lines that runtimes print after an error.
	noise = regexp.MustCompile(`^(?:Node\.js v\d|Bun v\d|\(Use .node |note: |exit status \d|Caused by: |goroutine \d|#\d|npm (?:ERR!|error))`)
	// traceback matches the first line of an error in Python, and groupStart what stands before each line of a group of errors.
	traceback  = regexp.MustCompile(`(?m)^(?:Exception Group )?Traceback \(most recent call last\):`)
	groupStart = regexp.MustCompile(`(?m)^  [+|] `)
	// uncaught matches the end of what Node.js writes before an uncaught error: carets that point at the place.
	uncaught = regexp.MustCompile(`(?m)^[ \t]*\^+\r?\n\r?\n`)
	// colours matches a terminal's colour codes.
	colours = regexp.MustCompile("\x1b\\[[0-9;]*m")
)

// maxFailure is the largest size of the error line that the app gets, in bytes.
const maxFailure = 1000

// failureLine returns the line that says why a program failed. It searches the text that the program wrote to its standard
// error. If no line does, it returns "". It skips lines that begin with white space: they belong to a stack trace.
//
//   - Python: the first line after the last "Traceback (most recent call last):". The program handled earlier errors.
//     For a group of errors it is the line of the group.
//   - Node.js: the first line after the last place that it points at. The next lines may belong to the same message.
//   - Otherwise the last line that begins with the kind of an error, as in Go, Java, Node and .NET.
//   - Otherwise the last line with a letter, as in Perl, Ruby and Rust.
func failureLine(printed string) string {
	printed = colours.ReplaceAllString(printed, "")
	if strings.Contains(printed, "Exception Group Traceback (") {
		printed = groupStart.ReplaceAllString(printed, "")
	}
	last, first := afterLast(traceback, printed)
	if !first && strings.Contains(printed, "\nNode.js v") {
		last, first = afterLast(uncaught, printed)
	}
	text, found := "", false
	for line := range strings.Lines(last) {
		line = strings.TrimRight(line, " \t\r\n")
		if line == "" || strings.ContainsAny(line[:1], " \t") || noise.MatchString(line) || !strings.ContainsFunc(line, unicode.IsLetter) {
			continue
		}
		if first {
			text = line
			break
		}
		if is := namedError.MatchString(line); is || !found {
			text, found = line, is
		}
	}
	if len(text) > maxFailure {
		text = strings.ToValidUTF8(text[:maxFailure], "") + "…"
	}
	return text
}

// afterLast returns the text after the last match. If there is none, it returns the whole text.
func afterLast(of *regexp.Regexp, text string) (rest string, found bool) {
	all := of.FindAllStringIndex(text, -1)
	if len(all) == 0 {
		return text, false
	}
	return text[all[len(all)-1][1]:], true
}

// maxShown is the largest size of a program's output in the page's panel, in bytes. The panel shows 20,000 characters.
const maxShown = 16 << 10

// withoutMiddle leaves out the middle of a text that is too long for the panel.
func withoutMiddle(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= maxShown {
		return text
	}
	const half = maxShown / 2
	head, tail := strings.ToValidUTF8(text[:half], ""), strings.ToValidUTF8(text[len(text)-half:], "")
	return fmt.Sprintf("%s\n… %d bytes are left out here; the terminal shows them …\n%s", head, len(text)-len(head)-len(tail), tail)
}
