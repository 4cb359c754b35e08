package wasmjumps

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestCopied checks that functions which the compiler does not write, or which have unknown instructions, stay as they are.
func TestCopied(t *testing.T) {
	loop := assemble("m0 cond ?j3", "m1 pc pc call", "m2 cond ?j1", "m3 return", "")
	if bytes.Equal(rewriteBody(t, loop), loop) {
		t.Fatal("the function that the cases change is not rewritten at all")
	}
	// with returns the function with new code in the place of the only m1, which has as many bytes.
	with := func(code string) []byte { return bytes.Replace(loop, []byte("\x41\x01\x1a"), []byte(code), 1) }
	replaced := func(old, code string) []byte {
		if bytes.Count(loop, []byte(old)) != 1 {
			t.Fatalf("the function has %q %d times", old, bytes.Count(loop, []byte(old)))
		}
		return bytes.Replace(loop, []byte(old), []byte(code), 1)
	}
	for _, test := range []struct {
		name string
		body []byte
	}{
		{"an empty one", nil},
		{"without jumps", assemble("m0 call", "m1", "")},
		{"without regions", []byte{0, opLoop, noResult, opBr, 0, opEnd, opEnd}},
		{"of one block", []byte{0, opLoop, noResult, opBlock, noResult, opEnd, opEnd, opEnd}},
		{"with SIMD", with("\xfd\x0c")},
		{"with an unknown instruction", with("\x06\x40\x0b")},
		{"with an unknown instruction behind 0xFC", with("\xfc\x08\x00\x00")},
		{"with a table in a region", with("\x41\x00\x0e\x00\x02")},
		{"with a memory that has a number", with("\x28\x42\x01\x00")},
		{"with a branch to a region", with("\x0c\x00")},
		{"with a branch to the end", with("\x0c\x09")},
		{"with a branch to the loop without a value of PC_B", with("\x0c\x03")},
		{"with a value of PC_B that is not constant", with("\x20\x02\x21\x00\x0c\x03")},
		{"with a negative value of PC_B", with("\x41\x7f\x21\x00\x0c\x03")},
		{"with another variable set before a jump", with("\x41\x01\x21\x02\x0c\x03")},
		{"with a conditional branch to the loop", with("\x41\x01\x21\x00\x41\x01\x0d\x03")},
		{"which reads PC_B", with("\x20\x00\x1a")},
		{"which sets PC_B", with("\x41\x01\x21\x00")},
		{"which sets PC_B and has the value", with("\x41\x01\x22\x00\x1a")},
		{"which sets PC_B by a number in two bytes", with("\x41\x01\x21\x80\x00")},
		{"with a number that is too long", with("\x20\x80\x80\x80\x80\x80\x00\x1a")},
		{"with a number of 32 bits", with("\x20\xff\xff\xff\xff\x0f\x1a")},
		{"with code behind the end", append(slices.Clone(loop), 0)},
		{"with a table that starts with another region", replaced("\x0e\x06\x00", "\x0e\x06\x01")},
		{"with a table without order", replaced("\x01\x01\x01\x02", "\x01\x02\x01\x02")},
		{"with a table that does not lead to the last region", replaced("\x02\x03\x04\x0b", "\x02\x03\x03\x0b")},
		{"with a table that leads too far", replaced("\x02\x03\x04\x0b", "\x02\x03\x05\x0b")},
		{"with a table of 4294967296 values", replaced("\x0e\x06", "\x0e\xff\xff\xff\xff\x0f")},
		{"with another variable for the table", replaced("\x20\x00\x0e", "\x20\x02\x0e")},
		{"with 4294967295 kinds of variables", append([]byte{0xFF, 0xFF, 0xFF, 0xFF, 0x0F}, loop[1:]...)},
		{"with an end too many", append(slices.Clone(loop[:len(loop)-1]), opEnd, opEnd)},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := rewriteBody(t, test.body); !bytes.Equal(got, test.body) {
				t.Errorf("%q has become %q", test.body, got)
			}
		})
	}
	t.Run("cut off", func(t *testing.T) {
		for n := range loop {
			if got := rewriteBody(t, loop[:n]); !bytes.Equal(got, loop[:n]) {
				t.Errorf("%q has become %q", loop[:n], got)
			}
		}
	})
}

// TestManyVariables checks that variables cost nothing: their number is only a number.
func TestManyVariables(t *testing.T) {
	body := append([]byte{1, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x7F}, assemble("m0 j2", "m1", "m2 return", "")[3:]...)
	if got := rewriteBody(t, body); bytes.Equal(got, body) || !bytes.Equal(got[:7], body[:7]) {
		t.Errorf("%q has become %q", body, got)
	}
}

// TestIfWithType checks that only an if without values becomes a conditional branch.
func TestIfWithType(t *testing.T) {
	body := assemble("m0 cond if m1 j2 end", "m1", "m2 return", "")
	typed := bytes.Replace(body, []byte{opIf, noResult, opConst, 1, 0x1A}, []byte{opIf, 0}, 1)
	if got := text(rewriteBody(t, typed)); !strings.Contains(got, "m0 cond if br1 end") {
		t.Errorf("%s has become\n%s", text(typed), got)
	}
}

// TestKeptFunction checks a function with so many values of PC_B that the number of another function may be one of them: the table
// of a loop must not lead there.
func TestKeptFunction(t *testing.T) {
	many := strings.Repeat("pc ", firstFunction)
	for _, test := range []struct{ name, call, values string }{
		{"few values", "indirect", ""},
		{"many values", "indirect", many},
		{"many values, but no call through a function value", "call", many},
	} {
		t.Run(test.name, func(t *testing.T) {
			body := assemble("m0 "+test.call, "m1 cond ?j4", "m2 "+test.values+" call", "m3 cond ?j1", "m4 return", "")
			checkSame(t, body, rewriteBody(t, body))
			isLoop := strings.Contains(text(rewriteBody(t, body)), "pc=0")
			if want := test.call == "call" || test.values == ""; isLoop != want {
				t.Errorf("it is %v that the function has a loop, want %v", isLoop, want)
			}
		})
	}
}

// TestErrors has programs that are none.
func TestErrors(t *testing.T) {
	const start = "\x00asm\x01\x00\x00\x00"
	program := module(assemble("m0 j2", "m1", "m2 return", ""))
	code := bytes.Index(program, []byte{codeSection, byte(len(program) - 8 - 7 - 2 - 3)})
	if code < 0 {
		t.Fatal("the section is not where it should be")
	}
	for _, test := range []struct{ name, program string }{
		{"nothing", ""},
		{"a text", "package main"},
		{"another version", "\x00asm\x02\x00\x00\x00"},
		{"a section without a size", start + "\x00"},
		{"a section that is too long", start + "\x00\x05abcd"},
		{"a section of 4 GB", start + "\x0a\xff\xff\xff\xff\x0f\x00"},
		{"a size of 35 bits", start + "\x0a\xff\xff\xff\xff\x7f\x00"},
		{"a size that does not end", start + "\x0a\x80\x80\x80\x80\x80\x80\x80"},
		{"functions that are missing", start + "\x0a\x01\x01"},
		{"4294967295 functions", start + "\x0a\x07\xff\xff\xff\xff\x0f\x00\x00"},
		{"2147483647 functions", start + "\x0a\x07\xff\xff\xff\xff\x07\x00\x00"},
		{"a function that is too long", start + "\x0a\x03\x01\x02\x0b"},
		{"code behind the functions", start + "\x0a\x04\x01\x01\x0b\x0b"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if out, err := Rewrite([]byte(test.program)); err == nil {
				t.Errorf("%q has become %q", test.program, out)
			}
		})
	}
	t.Run("cut off", func(t *testing.T) {
		for n := code + 1; n < len(program)-3; n++ {
			if _, err := Rewrite(program[:n]); err == nil {
				t.Errorf("the first %d of %d bytes are no error", n, len(program))
			}
		}
	})
}

// nested returns a function of n loops, each in the one before, with a call in the last.
func nested(n int) []byte {
	regions := []string{"m0"}
	for range n {
		regions = append(regions, "m1")
	}
	regions[n] += " call"
	for i := n; i > 0; i-- {
		regions = append(regions, "cond ?j"+strconv.Itoa(i))
	}
	return assemble(append(regions, "m2 return", "")...)
}

// TestNesting checks that the size of a function with loops in loops does not grow with the square of their number.
func TestNesting(t *testing.T) {
	for _, n := range []int{1, 2, maxNesting - 1, maxNesting, maxNesting + 1, 3 * maxNesting} {
		body := nested(n)
		got := rewriteBody(t, body)
		checkSame(t, body, got)
		want := min(n, maxNesting)
		if n > maxNesting {
			want++ // the loop around the whole function, for jumps to the other loops
		}
		if loops := strings.Count(text(got), "loop"); loops != want {
			t.Errorf("of %d loops %d are loops now, want %d", n, loops, want)
		}
	}
	body := nested(5000)
	if got := rewriteBody(t, body); len(got) > 10*len(body) {
		t.Errorf("%d bytes have become %d", len(body), len(got))
	}
}

// TestManyLoops rewrites functions for which a look at each pair of loops or regions would not end in the time of a test.
func TestManyLoops(t *testing.T) {
	const n = 60000
	for _, test := range []struct {
		name   string
		region func(i int) string
	}{
		{"side by side", func(i int) string { return "cond ?j" + strconv.Itoa(i) }},
		{"of two regions", func(i int) string { return "cond ?j" + strconv.Itoa(i&^1) }},
		{"all from the start", func(i int) string { return "cond ?j0" }},
		{"all to the end", func(i int) string { return "cond ?j" + strconv.Itoa(n-1) }},
		{"all overlap", func(i int) string { return "cond ?j" + strconv.Itoa(max(0, i-n/2)) }},
		{"each in the one before", func(i int) string { return "cond ?j" + strconv.Itoa(min(i, n-1-i)) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			regions := make([]string, n, n+1)
			for i := range regions {
				regions[i] = test.region(i)
			}
			body := assemble(append(regions, "")...)
			if got := rewriteBody(t, body); len(got) > 2*len(body) {
				t.Errorf("%d bytes have become %d", len(body), len(got))
			}
		})
	}
}

// TestMaxSteps checks that the search for loops stops. Each of many loops is entered in the middle, which is seen late.
func TestMaxSteps(t *testing.T) {
	for n, want := range map[int]int{100: 1, 10000: 0} {
		regions := []string{"m0 cond ?j" + strconv.Itoa(n/2)}
		for i := 1; i < n; i++ {
			regions = append(regions, "cond ?j"+strconv.Itoa(min(i, n-i)))
		}
		f, ok := parse(assemble(append(regions, "m1", "cond ?j"+strconv.Itoa(n), "m2 return", "")...))
		if !ok {
			t.Fatal("the function is not read")
		}
		after := 0
		for _, c := range f.cycles() {
			if c.first >= n {
				after++
			}
		}
		if after != want {
			t.Errorf("behind %d loops %d are found, want %d", n, after, want)
		}
	}
}

// TestHighValue checks that a jump by a value of PC_B that the table does not have leads to the last region.
func TestHighValue(t *testing.T) {
	body := assemble("m0 cond ?j2", "m1 return", "m2 return", "")
	for _, value := range []string{"\x3f", "\xff\xff\xff\xff\x07", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00"} {
		high := bytes.Replace(body, []byte("\x41\x02\x21\x00"), []byte("\x41"+value+"\x21\x00"), 1)
		got := rewriteBody(t, high)
		if want := assemble("m0 cond ?j3", "m1 return", "m2 return", ""); !bytes.Equal(got, rewriteBody(t, want)) {
			t.Errorf("%s has become\n%s", text(high), text(got))
		}
	}
}
