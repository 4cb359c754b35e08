package supervise

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/internal/testlog"
)

func TestOutput(t *testing.T) {
	for _, c := range []struct {
		name   string
		writes []string
		want   string
	}{
		{"whole lines", []string{"a\nb\n"}, "api   │ a\napi   │ b\n"},
		{"line in parts", []string{"a", "b", "c\n"}, "api   │ abc\n"},
		{"last line without end", []string{"a\nb"}, "api   │ a\napi   │ b\n"},
		{"Windows line end", []string{"a\r\n"}, "api   │ a\n"},
		{"empty line", []string{"\n"}, "api   │ \n"},
		{"endless line", []string{strings.Repeat("x", maxLine), "y\n"}, "api   │ " + strings.Repeat("x", maxLine) + "\napi   │ y\n"},
		{"endless line of wide characters", []string{"x" + strings.Repeat("é", maxLine/2), "\n"}, "api   │ x" + strings.Repeat("é", maxLine/2) + "\n"},
		{"endless line, cut in a character", []string{strings.Repeat("x", maxLine-1) + "\xc3", "\xa9\n"}, "api   │ " + strings.Repeat("x", maxLine-1) + "\napi   │ é\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b bytes.Buffer
			l := NewOutput(&b, "api", "tasks").Lines("api")
			for _, w := range c.writes {
				if n, err := io.WriteString(l, w); n != len(w) || err != nil {
					t.Errorf("Write = %d, %v", n, err)
				}
			}
			l.Flush()
			if b.String() != c.want {
				t.Errorf("got %q, want %q", b.String(), c.want)
			}
		})
	}
}

func TestOutputKeepsLastLines(t *testing.T) {
	l := NewOutput(io.Discard).Lines("api")
	for i := range 100 {
		fmt.Fprintln(l, i)
	}
	if last := l.last(); len(last) != maxLast || last[0] != "85" || last[maxLast-1] != "99" {
		t.Errorf("the last lines are %v, want 85 to 99", last)
	}
}

func TestIncompleteLineIsPrinted(t *testing.T) {
	for _, c := range []struct {
		name   string
		writes []string // one per second
		want   []string // the output within a second after each write
	}{
		{"prompt", []string{"Go on? "}, []string{"api │ Go on? \n"}},
		{"answered with a line end", []string{"Go on? ", "\n", "\n"}, []string{"api │ Go on? \n", "", "api │ \n"}},
		{"answered with a Windows line end", []string{"Go on? ", "\r\n", "x\n"}, []string{"api │ Go on? \n", "", "api │ x\n"}},
		{"line continues", []string{"a", "b\n"}, []string{"api │ a\n", "api │ b\n"}},
		{"prompt after a line", []string{"a\nb"}, []string{"api │ a\napi │ b\n"}},
		{"half a character", []string{"Name\xc3", "\xa9? "}, []string{"api │ Name\n", "api │ é? \n"}},
		{"half a character and the end", []string{"Name\xe2\x82", "\n"}, []string{"api │ Name\n", "api │ \xe2\x82\n"}},
		{"dots", []string{".", ".", "\n"}, []string{"api │ .\n", "api │ .\n", ""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var b testlog.Log
				l := NewOutput(&b).Lines("api")
				for i, w := range c.writes {
					b.Reset()
					_, _ = io.WriteString(l, w)
					time.Sleep(time.Second)
					synctest.Wait()
					if b.String() != c.want[i] {
						t.Errorf("after %q: got %q, want %q", w, b.String(), c.want[i])
					}
				}
				b.Reset()
				l.Flush()
				if b.String() != "" {
					t.Errorf("Flush printed %q again", b.String())
				}
			})
		})
	}
}

// A line that arrives in parts is printed as one line if its end arrives soon.
func TestPartsOfLineAreJoined(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b testlog.Log
		l := NewOutput(&b).Lines("api")
		for range 3 {
			_, _ = io.WriteString(l, "x")
			time.Sleep(promptDelay / 4)
		}
		_, _ = io.WriteString(l, "\n")
		time.Sleep(time.Minute)
		if want := "api │ xxx\n"; b.String() != want {
			t.Errorf("got %q, want %q", b.String(), want)
		}
	})
}

// A program that never ends its line is shown while it prints, not only when it pauses.
func TestEndlessLineIsPrinted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b testlog.Log
		l := NewOutput(&b).Lines("api")
		for range 100 {
			_, _ = io.WriteString(l, ".")
			time.Sleep(promptDelay / 10)
		}
		if got := strings.Count(b.String(), "\n"); got < 5 {
			t.Errorf("%d lines were printed after ten times the delay, want at least 5: %q", got, b.String())
		}
		l.Flush()
	})
}
