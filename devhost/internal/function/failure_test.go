package function

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// The cases are the output of runtimes after an error, with shortened stack traces.
func TestFailureLine(t *testing.T) {
	const nodeEnd = "    at [eval]:1:7\n    at node:internal/main/eval_string:51:3\n\nNode.js v20.20.2\n"
	for _, c := range []struct{ name, printed, want string }{
		{"no output", "", ""},
		{"one line", "no such task\n", "no such task"},
		{"the last line", "reading settings\nno such task", "no such task"},
		{"Node", "[eval]:1\nthrow new Error('no luck')\n^\n\nError: no luck\n" + nodeEnd, "Error: no luck"},
		{"Node, with members", "file.js:1\nthrow e\n^\n\nError: no luck\n    at file.js:1:30 {\n  code: 'E'\n}\n\nNode.js v20.20.2\n", "Error: no luck"},
		{"Node, with a cause", "a.js:1\nx\n^\n\nError: outer\n    at a.js:1:7 {\n  [cause]: Error: inner\n      at a.js:1:32\n}\n\nNode.js v20.20.2\n", "Error: outer"},
		{"Node, another class", "[eval]:1\nthrow new NotFound()\n^\n\nNotFound: no task\n" + nodeEnd, "NotFound: no task"},
		{"Node, several lines", "[eval]:1\nthrow e\n^\n\nError: first\nsecond\n" + nodeEnd, "Error: first"},
		{"Node, an assertion", "[eval]:1\nx\n^\n\nAssertionError [ERR_ASSERTION]: Expected values to be strictly equal:\n\n'a' !== 'b'\n\n" + nodeEnd, "AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:"},
		{"Node, not an error", "\n[eval]:1\nthrow 'x'\n^\nx\n(Use `node --trace-uncaught ...` to show where the exception was thrown)\n\nNode.js v20.20.2\n", "x"},
		{"Node, logged before", "Error: could not write the cache\n[eval]:1\nx\n^\n\nError: no luck\n" + nodeEnd, "Error: no luck"},
		{"Node, in colours", "\x1b[31mError: no luck\x1b[39m\n" + nodeEnd, "Error: no luck"},
		{"Node, another error in the text", "[eval]:1\nthrow e\n^\n\nError: first\nTypeError: second\n" + nodeEnd, "Error: first"},
		{"Node, another error logged after it", "[eval]:1\nx\n    ^\r\n\r\nNotFound: no task\r\n    at a.js:1:7 {\r\n  code: 5\r\n}\r\n\r\nNode.js v20.20.2\r\nnpm error Error: exit\r\n", "NotFound: no task"},
		{"Bun", "1 | throw new Error(\"no luck\")\n          ^\nerror: no luck\n      at a.js:1:11\n\nBun v1.2.3 (Linux x64)\n", "error: no luck"},
		{"Python", "Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\nValueError: no luck\n", "ValueError: no luck"},
		{"Python, after another", "Traceback (most recent call last):\n  File \"a.py\", line 3, in f\nValueError: first\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File \"a.py\", line 6, in <module>\n__main__.NotFound: no task\n", "__main__.NotFound: no task"},
		{"Python, several lines", "Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\nKeyError: first\nError: second\n", "KeyError: first"},
		{"Python, a group", "  + Exception Group Traceback (most recent call last):\n  |   File \"a.py\", line 1, in <module>\n  |     raise e\n  | ExceptionGroup: no luck (2 sub-exceptions)\n  +-+---------------- 1 ----------------\n    | Traceback (most recent call last):\n    |   File \"a.py\", line 2, in f\n    | ValueError: a\n    +---------------- 2 ----------------\n    | TypeError: b\n    +------------------------------------\n", "ExceptionGroup: no luck (2 sub-exceptions)"},
		{"Python, after a group", "  + Exception Group Traceback (most recent call last):\n  | ExceptionGroup: first (1 sub-exception)\n  +-+---------------- 1 ----------------\n    | ValueError: a\n    +------------------------------------\n\nThe above exception was the direct cause of the following exception:\n\nTraceback (most recent call last):\n  File \"a.py\", line 4, in <module>\nKeyError: 'second'\n", "KeyError: 'second'"},
		{"Python, a traceback in the text", "Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\nValueError: no luck; it said: Traceback (most recent call last):\n  File \"b.py\"\nKeyError: a\n", "ValueError: no luck; it said: Traceback (most recent call last):"},
		{"Go", "panic: no luck\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/a.go:2 +0x25\nexit status 2\n", "panic: no luck"},
		{"Go, in the runtime", "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [select (no cases)]:\nmain.main()\n\t/src/a.go:2 +0x25\nexit status 2\n", "fatal error: all goroutines are asleep - deadlock!"},
		{"Go, log.Fatal", "2026/01/02 03:04:05 no luck\nexit status 1\n", "2026/01/02 03:04:05 no luck"},
		{"Java", "Exception in thread \"main\" java.lang.RuntimeException: no luck\n\tat Main.main(Main.java:1)\nCaused by: java.lang.NumberFormatException: For input string: \"x\"\n\tat Main.main(Main.java:1)\n\t... 1 more\n", "Exception in thread \"main\" java.lang.RuntimeException: no luck"},
		{"Ruby", "a.rb:1:in 'Object#find': no luck (RuntimeError)\n\tfrom a.rb:3:in '<main>'\n", "a.rb:1:in 'Object#find': no luck (RuntimeError)"},
		{"Rust", "thread 'main' panicked at src/main.rs:2:5:\nno luck\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n", "no luck"},
		{".NET", "Unhandled exception. System.InvalidOperationException: no luck\n   at Program.<Main>$(String[] args) in Program.cs:line 1\n", "Unhandled exception. System.InvalidOperationException: no luck"},
		{"PHP", "PHP Fatal error:  Uncaught Exception: no luck in a.php:1\nStack trace:\n#0 {main}\n  thrown in a.php on line 1\n", "PHP Fatal error:  Uncaught Exception: no luck in a.php:1"},
		{"Perl", "no luck at a.pl line 1.\n", "no luck at a.pl line 1."},
		{"a shell", "a.sh: line 3: jq: command not found\n", "a.sh: line 3: jq: command not found"},
		{"Windows line ends", "Error: no luck\r\n    at a.js\r\n\r\nNode.js v20.20.2\r\n", "Error: no luck"},
		{"another script", "見つかりません\n", "見つかりません"},
		{"a stack trace alone", "    at a.js\n\tat b.js\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := failureLine(c.printed); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestFailureLineIsShort(t *testing.T) {
	got := failureLine("Error: " + strings.Repeat("é", 1<<20))
	if len(got) > maxFailure+len("…") || !utf8.ValidString(got) || !strings.HasSuffix(got, "é…") {
		t.Errorf("failureLine returned %d bytes; want at most %d, cut between two characters", len(got), maxFailure+len("…"))
	}
}

func TestWithoutMiddle(t *testing.T) {
	long := "first\n" + strings.Repeat("é\n", maxShown) + "last"
	got := withoutMiddle(long)
	if !strings.HasPrefix(got, "first\n") || !strings.HasSuffix(got, "\nlast") || len(got) > maxShown+100 || !utf8.ValidString(got) {
		t.Errorf("withoutMiddle returned %d bytes; want at most %d, with the first and the last line", len(got), maxShown+100)
	}
	if got := withoutMiddle("a\xff"); got != "a\uFFFD" {
		t.Errorf("got %q", got)
	}
}
