package devhost

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

var (
	// named is a line that begins with the kind of an error: "Error: no luck", "AssertionError [ERR_ASSERTION]: …",
	// "java.lang.RuntimeException: …", "panic: …", "Exception in thread "main" …", "Unhandled exception. …".
	named = regexp.MustCompile(`^(?:panic|fatal error|error|(?:PHP )?Fatal error|[\w.$:]*(?:Error|Exception)(?: \[\w+\])?): |^Exception in thread "|^Unhandled exception\. `)
	// noise is what runtimes print behind an error.
	noise = regexp.MustCompile(`^(?:Node\.js v\d|Bun v\d|\(Use .node |note: |exit status \d|Caused by: |goroutine \d|#\d|npm (?:ERR!|error))`)
	// traceback is the first line of an error in Python, and groupStart what stands before each line of a group of errors.
	traceback  = regexp.MustCompile(`(?m)^(?:Exception Group )?Traceback \(most recent call last\):`)
	groupStart = regexp.MustCompile(`(?m)^  [+|] `)
	// uncaught is the end of what Node.js writes before an error that nobody caught: it points at the place.
	uncaught = regexp.MustCompile(`(?m)^[ \t]*\^+\r?\n\r?\n`)
	// colours are a terminal's.
	colours = regexp.MustCompile("\x1b\\[[0-9;]*m")
)

// maxFailure is how many bytes of an error's line the app gets.
const maxFailure = 1000

// failure returns the line that says why a program failed, of all that it wrote to its standard error; the empty string
// if none does. Lines with white space in front are never it: they belong to a stack trace.
//
//   - Python: the first line behind the last "Traceback (most recent call last):". Earlier ones were handled. Of a group
//     of errors it is the line of the group.
//   - Node.js: the first line behind the last place that it points at. The next lines may be of the same text.
//   - Else the last line that begins with the kind of an error, as of Go, Java, Node and .NET.
//   - Else the last line that says anything, as of Perl, Ruby and Rust, and of programs that say it in words of their own.
func failure(printed string) string {
	printed = colours.ReplaceAllString(printed, "")
	if strings.Contains(printed, "Exception Group Traceback (") {
		printed = groupStart.ReplaceAllString(printed, "")
	}
	last, first := behindLast(traceback, printed)
	if !first && strings.Contains(printed, "\nNode.js v") {
		last, first = behindLast(uncaught, printed)
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
		if is := named.MatchString(line); is || !found {
			text, found = line, is
		}
	}
	if len(text) > maxFailure {
		text = strings.ToValidUTF8(text[:maxFailure], "") + "…"
	}
	return text
}

// behindLast returns what stands behind the last match; without one, all of the text.
func behindLast(of *regexp.Regexp, text string) (rest string, found bool) {
	all := of.FindAllStringIndex(text, -1)
	if len(all) == 0 {
		return text, false
	}
	return text[all[len(all)-1][1]:], true
}

// maxShown is how many bytes of a program's output the panel gets. It shows 20,000 characters.
const maxShown = 16 << 10

// shortened leaves out the middle of a text that is too long for the panel.
func shortened(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= maxShown {
		return text
	}
	const half = maxShown / 2
	head, tail := strings.ToValidUTF8(text[:half], ""), strings.ToValidUTF8(text[len(text)-half:], "")
	return fmt.Sprintf("%s\n… %d bytes, which the terminal has, are left out here …\n%s", head, len(text)-len(head)-len(tail), tail)
}
