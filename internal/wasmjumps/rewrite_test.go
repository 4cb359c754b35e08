package wasmjumps

import (
	"bytes"
	"testing"
)

// rewriteBody returns the body that Rewrite makes of a function.
func rewriteBody(t *testing.T, body []byte) []byte {
	t.Helper()
	out, err := Rewrite(module(body))
	if err != nil {
		t.Fatal(err)
	}
	return bodies(out)[0]
}

// TestShapes has what becomes of each kind of jump. It also runs the functions before and after.
func TestShapes(t *testing.T) {
	for _, test := range []struct {
		name    string
		regions []string
		want    string
	}{
		{
			"a jump forward", []string{"m0 j2", "m1", "m2 return", ""},
			`block m0 br0 m1 end m2 const0 return unreachable end`,
		},
		{
			"a conditional jump forward", []string{"m0 cond ?j2", "m1", "m2 return", ""},
			`block m0 cond ?br0 m1 end m2 const0 return unreachable end`,
		},
		{
			"an if with more than a jump", []string{"cond if m0 j2 end", "m1", "cond if j3 else m2 end", ""},
			`block block cond if m0 br1 end m1 end cond if br1 else m2 end end unreachable end`,
		},
		{
			"a jump inside blocks", []string{"block cond if loop m0 j2 end end end", "m1", "m2 return", ""},
			`block block cond if loop m0 br3 end end end m1 end m2 const0 return unreachable end`,
		},
		{
			"a loop", []string{"m0", "m1 cond ?j1", "m2 return", ""},
			`m0 loop m1 cond ?br0 end m2 const0 return unreachable end`,
		},
		{
			"a loop of several regions", []string{"m0", "m1 cond ?j4", "m2 cond ?j1", "m3 j1", "m4 return", ""},
			`block m0 loop m1 cond ?br1 m2 cond ?br0 m3 br0 end end m4 const0 return unreachable end`,
		},
		{
			"a loop with a call", []string{"m0", "m1 call", "m2 cond ?j1", "m3 return", ""},
			`block block block get0 const1 6b table1,1,0 end m0 end loop block block get0 const2 6b table1,0 end m1 call ?br2 end m2 cond if pc=0 br1 end end m3 const0 return unreachable end const1 end`,
		},
		{
			"a loop with a call and two jumps to its start", []string{"m0", "m1 call", "cond ?j1", "m2 j1", ""},
			`block block block get0 const1 6b table1,1,0 end m0 end loop block block get0 const2 6b table1,0 end m1 call ?br2 end cond if pc=0 br1 end m2 pc=0 br0 end unreachable end const1 end`,
		},
		{
			"a loop that starts with a call", []string{"m0 call", "m1 cond ?j1", "m2 return", ""},
			`block block block get0 const1 6b table1,0 end m0 call ?br1 end loop m1 cond ?br0 end m2 const0 return unreachable end const1 end`,
		},
		{
			"loops in loops", []string{"m0", "m1", "m2 cond ?j2", "m3 cond ?j1", "m4 return", ""},
			`m0 loop m1 loop m2 cond ?br0 end m3 cond ?br0 end m4 const0 return unreachable end`,
		},
		{
			"loops in loops with a call", []string{"m0", "m1", "m2 call", "cond ?j2", "m3 cond ?j1", "m4 return", ""},
			`block block block get0 const2 6b table1,1,0 end m0 end loop block block get0 const2 6b table1,1,0 end m1 end loop block block get0 const3 6b table1,0 end m2 call ?br3 end cond if pc=0 br1 end end m3 cond if pc=0 br1 end end m4 const0 return unreachable end const1 end`,
		},
		{
			"a call behind the inner loop", []string{"m0", "m1", "m2 cond ?j2", "m3 call", "cond ?j1", "m4 return", ""},
			`block block block get0 const3 6b table1,1,0 end m0 end loop block block block get0 const3 6b table1,2,0 end m1 loop m2 cond ?br0 end end m3 call ?br2 end cond if pc=0 br1 end end m4 const0 return unreachable end const1 end`,
		},
		{
			"a loop that is entered in the middle", []string{"m0 j2", "m1", "m2 cond ?j1", "m3 return", ""},
			`block m0 loop block m2 cond ?br0 br2 end m1 br0 end end m3 const0 return unreachable end`,
		},
		{
			"a loop that is entered at two places", []string{"m0 cond ?j2 j3", "m1", "m2", "m3 cond ?j1", "m4 return", ""},
			`loop block block block block block get0 const2 6b table1,0 end m0 cond ?br0 br1 end m2 end m3 cond ?br0 br1 end m1 pc=2 br1 end m4 const0 return end unreachable end`,
		},
		{
			"a loop in a loop, entered in the middle", []string{"m0", "m1 j3", "m2", "m3 cond ?j2", "cond ?j1", "m4 return", ""},
			`m0 loop block m1 loop block m3 cond ?br0 br2 end m2 br0 end end cond ?br0 end m4 const0 return unreachable end`,
		},
		{
			"loops that overlap", []string{"m0", "m1", "m2 cond ?j1", "m3 cond ?j2", "m4 return", ""},
			`loop block block get0 const1 6b table1,0 end m0 end m1 loop m2 cond if pc=1 br2 end m3 cond ?br0 end m4 const0 return end unreachable end`,
		},
		{
			"several values of PC_B", []string{"m0", "m1 pc m1", "m2 pc pc call", "m3 pc cond ?j1", "m4 return", ""},
			`block block block get0 const3 6b table1,1,1,1,1,0 end m0 end loop block block block get0 const3 6b table1,1,1,2,2,0 end m1 m1 end m2 call ?br2 end m3 cond if pc=0 br1 end end m4 const0 return unreachable end const1 end`,
		},
		{
			"a call that only fails", []string{"m0", "m1", "fail m2 cond ?j1", "m3 return", ""},
			`block m0 loop m1 cond if call ?br2 end m2 cond ?br0 end m3 const0 return unreachable end const1 end`,
		},
		{
			"a call through a function value", []string{"m0 indirect", "m1", "m2 indirect", "cond ?j1", "m3 return", ""},
			`block block block get0 const1 6b table1,1,1,0 end m0 indirect ?br1 end loop block block block get0 const2 6b table1,2,0 end m1 end m2 indirect ?br2 end cond if pc=0 br1 end end m3 const0 return unreachable end const1 end`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			body := assemble(test.regions...)
			got := rewriteBody(t, body)
			checkSame(t, body, got)
			if got := text(got); got != test.want {
				t.Errorf("%s\nhas become\n%s", text(body), got)
			}
		})
	}
}

// TestSame runs functions before and after.
func TestSame(t *testing.T) {
	for _, test := range []struct {
		name    string
		regions []string
	}{
		{"jumps to the next region", []string{"m0 j1", "cond ?j2", "m2 return", ""}},
		{"a loop without an end", []string{"m0", "m1 j1", ""}},
		{"a jump to the start of the function", []string{"m0 cond ?j0", "m1 call", "m2 cond ?j0", "m3 j0", ""}},
		{"a loop that starts a loop", []string{"m0", "m1 call", "cond ?j1", "m2 call", "cond ?j1", ""}},
		{"loops with the same end", []string{"m0", "m1", "m2 call", "m3", "m4 cond ?j3 cond ?j2 cond ?j1", ""}},
		{"loops one after the other", []string{"m0", "m1 call", "cond ?j1", "m2 call", "cond ?j3", "m3 call", "cond ?j5", "m4 call", ""}},
		{"a jump out of several loops", []string{"m0", "m1", "m2", "m3 call", "cond ?j7 cond ?j3", "cond ?j2", "cond ?j1", "m4 return", ""}},
		{"a jump to the start of the outer loop", []string{"m0", "m1 call", "m2", "m3 call", "cond ?j1 cond ?j3", "cond ?j2", "cond ?j1", "m4 return", ""}},
		{"a loop in a loop, entered in the middle", []string{"m0", "m1 call", "cond ?j4", "m3", "m4 call", "cond ?j3", "cond ?j1", "m5", ""}},
		{"a jump into a loop from behind it", []string{"m0", "m1", "m2 call", "cond ?j1", "m3 cond ?j2", "m4 return", ""}},
		{"overlapping loops with calls", []string{"m0", "m1 call", "m2 call", "cond ?j1", "m3 call", "cond ?j2", "m4 call", "cond ?j3", "m5", ""}},
		{"a switch", []string{"cond ?j3", "cond ?j4", "cond ?j5 j6", "m3 j7", "m4 call", "m5 j7", "m6", "m7 cond ?j0", ""}},
		{"a deferred call behind the return", []string{"m0 call", "m1 call", "cond ?j1", "m2 return", "m3 call", "m4 return"}},
		{"a last region that is in a loop", []string{"m0 cond ?j1", "m1 call", "m2 cond ?j1 return"}},
		{"branches around jumps", []string{"m0", "block loop m1 cond ?br1 cond if j1 else j3 end cond ?br0 end end", "m2 call", "block m3 j1 end", ""}},
		{"code behind a jump", []string{"m0", "m1 cond if j2 m2 end j1 m3 return", "m4 j1 unreachable", ""}},
	} {
		t.Run(test.name, func(t *testing.T) {
			body := assemble(test.regions...)
			got := rewriteBody(t, body)
			if bytes.Equal(body, got) {
				t.Error("the function is as before")
			}
			checkSame(t, body, got)
		})
	}
}

// TestSections checks that everything but the functions is copied.
func TestSections(t *testing.T) {
	one, two := assemble("m0 j2", "m1", ""), []byte{0, opEnd}
	program := module(two, one, two)
	got, err := Rewrite(program)
	if err != nil {
		t.Fatal(err)
	}
	if want := module(two, rewriteBody(t, one), two); !bytes.Equal(got, want) {
		t.Errorf("the program has become\n%q, want\n%q", got, want)
	}
}
