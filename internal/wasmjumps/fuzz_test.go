package wasmjumps

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// generate makes the regions of a function from bytes. Equal bytes make equal regions.
func generate(data []byte) []string {
	next := func(n int) int {
		if len(data) == 0 {
			return 0
		}
		b := data[0]
		data = data[1:]
		return int(b) % n
	}
	n := 2 + next(12)
	regions := make([]string, n)
	marks := 0
	for i := range regions {
		var words []string
		add := func(format string, args ...any) { words = append(words, fmt.Sprintf(format, args...)) }
		mark := func() { add("m%d", marks); marks++ }
		var open []string
		for next(8) != 0 && len(words) < 30 {
			switch next(12) {
			case 0, 1:
				mark()
			case 2, 3, 4:
				add("cond ?j%d", next(n))
			case 5:
				add("j%d", next(n))
			case 6:
				word := []string{"block", "loop", "cond if"}[next(3)]
				open = append(open, word)
				add("%s", word)
			case 7:
				if len(open) > 0 {
					open = open[:len(open)-1]
					add("end")
				}
			case 8:
				if len(open) > 0 && open[len(open)-1] == "cond if" {
					open[len(open)-1] = "else"
					add("else")
				}
			case 9:
				if len(open) > 0 {
					add("cond ?br%d", next(len(open)))
				}
			case 10:
				if len(open) == 0 { // only code outside of explicit blocks has values of PC_B
					add("pc")
				}
			case 11:
				add("%s", []string{"fail", "return"}[next(2)])
			}
		}
		mark()
		add("%s", strings.Repeat("end ", len(open)))
		if i < n-1 { // the compiler starts a region behind each call
			add("%s", []string{"", "", "call", "indirect"}[next(4)])
		}
		regions[i] = strings.Join(words, " ")
	}
	return regions
}

func checkGenerated(t *testing.T, data []byte) {
	body := assemble(generate(data)...)
	checkSame(t, body, rewriteBody(t, body))
}

// FuzzSame checks that functions of any regions do the same before and after.
func FuzzSame(f *testing.F) {
	f.Add([]byte{})
	f.Fuzz(checkGenerated)
}

// TestRandom does the same for functions made by chance.
func TestRandom(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		data := make([]byte, 20+random.IntN(180))
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		checkGenerated(t, data)
		if t.Failed() {
			t.Fatalf("the bytes are %v", data)
		}
	}
}

// FuzzBroken calls Rewrite with random bytes, as a function and as a whole program. Rewrite must not panic, and must copy a function that it
// cannot read.
func FuzzBroken(f *testing.F) {
	f.Add([]byte{})
	f.Add(assemble("m0", "m1 call", "m2 cond ?j1", "m3 return", ""))
	f.Add(module(assemble("m0 j2", "m1", "m2 return", "")))
	f.Fuzz(func(t *testing.T, data []byte) {
		if out, err := Rewrite(data); err == nil && (len(out) > 2*len(data) || !bytes.HasPrefix(data, out[:8])) {
			t.Errorf("%d bytes have become %d", len(data), len(out))
		}
		out, err := Rewrite(module(data, data))
		if err != nil {
			t.Fatal(err)
		}
		got := bodies(out)
		if len(got) != 2 || !bytes.Equal(got[0], got[1]) {
			t.Errorf("two equal functions have become %q", got)
		}
		if _, ok := parse(data); !ok && !bytes.Equal(got[0], data) {
			t.Errorf("a function of another form has become %q", got[0])
		}
		if _, err := Rewrite(out); err != nil {
			t.Errorf("the new program cannot be read: %v", err)
		}
	})
}
