package wasmjumps

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// op is an instruction of a function.
type op struct {
	code byte
	args []int
	text string // its bytes
	// end and other are where the end and the else of a block, a loop or an if are; other is -1 without an else.
	end, other int
}

// decode reads the instructions of a body. It does not use parse, which is under test.
func decode(body []byte) []op {
	r := reader{code: body}
	for range r.uint() {
		r.uint()
		r.byte()
	}
	var ops []op
	var open []int
	for r.at < len(body) {
		from := r.at
		o := op{code: r.byte(), other: -1}
		switch {
		case o.code == opBlock || o.code == opLoop || o.code == opIf:
			r.int()
			open = append(open, len(ops))
		case o.code == opElse:
			ops[open[len(open)-1]].other = len(ops)
		case o.code == opEnd && len(open) > 0:
			ops[open[len(open)-1]].end = len(ops)
			open = open[:len(open)-1]
		case o.code == opBrTable:
			for n := r.uint(); n >= 0; n-- {
				o.args = append(o.args, r.uint())
			}
		case o.code == opBr, o.code == opBrIf, o.code == opCall, 0x20 <= o.code && o.code <= 0x24, o.code == 0x3F, o.code == 0x40:
			o.args = append(o.args, r.uint())
		case o.code == opIndirect, 0x28 <= o.code && o.code <= 0x3E:
			o.args = append(o.args, r.uint(), r.uint())
		case o.code == opConst, o.code == 0x42:
			o.args = append(o.args, int(r.int()))
		case o.code == 0x43:
			r.bytes(4)
		case o.code == 0x44:
			r.bytes(8)
		case o.code == 0xFC:
			for range map[int]int{10: 2, 11: 1}[r.uint()] {
				r.uint()
			}
		}
		o.text = string(body[from:r.at])
		ops = append(ops, o)
	}
	if r.failed || len(open) != 0 {
		panic("the body is broken")
	}
	return ops
}

func (o op) isPC(code byte) bool { return o.code == code && o.args[0] == 0 }

// value is a number that an instruction has put on the stack, if the walker knows it.
type value struct {
	n    int
	isPC bool
	text string
}

// scratch is the value of PC_B after a call through a function value: the compiler keeps the function in it.
const scratch = firstFunction + 7

// walk runs a function from a value of PC_B and returns what it does, except how it jumps. Each condition takes the next bit.
// After too many steps or without a bit the walk ends, and done is false.
func walk(ops []op, pc int, bits []bool) (did []string, done bool) {
	var labels, stack = []int{}, []value{}
	flush := func() {
		for _, v := range stack {
			did = append(did, v.text)
		}
		stack = stack[:0]
	}
	// branch returns the next instruction behind a branch.
	branch := func(depth int) int {
		to := len(labels) - 1 - depth
		if to < 0 {
			return len(ops)
		}
		start := labels[to]
		if ops[start].code == opLoop {
			labels = labels[:to+1]
			return start + 1
		}
		labels = labels[:to]
		return ops[start].end + 1
	}
	for at, steps := 0, 0; at < len(ops); steps++ {
		if steps > 2000 {
			return did, false
		}
		o := ops[at]
		at++
		isCondition := o.code == opIf || o.code == opBrIf
		if isCondition {
			flush()
			if did = append(did, "?"); len(bits) == 0 {
				return did, false
			}
		}
		taken := isCondition && bits[0]
		if isCondition {
			bits = bits[1:]
		}
		switch {
		case o.code == opBlock || o.code == opLoop || o.code == opIf && taken:
			labels = append(labels, at-1)
		case o.code == opIf && o.other >= 0:
			labels = append(labels, at-1)
			at = o.other + 1
		case o.code == opIf:
			at = o.end + 1
		case o.code == opElse: // the end of the part before it
			at = branch(0)
		case o.code == opEnd:
			if len(labels) > 0 {
				labels = labels[:len(labels)-1]
			}
		case o.code == opBr || taken:
			at = branch(o.args[0])
		case o.code == opBrIf:
		case o.code == opBrTable:
			v := stack[len(stack)-1]
			if !v.isPC {
				panic("a table that does not depend on PC_B")
			}
			stack = stack[:len(stack)-1]
			at = branch(o.args[min(uint32(v.n), uint32(len(o.args)-1))])
		case o.isPC(opGet):
			stack = append(stack, value{pc, true, o.text})
		case o.code == opConst:
			stack = append(stack, value{o.args[0], false, o.text})
		case o.code == opSub && len(stack) > 1 && stack[len(stack)-2].isPC:
			stack[len(stack)-2].n -= stack[len(stack)-1].n
			stack = stack[:len(stack)-1]
		case o.isPC(opSet) && len(stack) > 0:
			pc = stack[len(stack)-1].n
			stack = stack[:len(stack)-1]
		case o.isPC(opSet):
			pc = scratch
			did = append(did, o.text)
		default:
			flush()
			did = append(did, o.text)
			if o.code == 0x00 || o.code == 0x0F {
				return did, true
			}
		}
	}
	flush()
	return did, true
}

// starts returns the values of PC_B with which Go's scheduler calls a function: 0, and those of the regions with a call after
// which it may go on, and of the next ones.
func starts(ops []op) []int {
	at := slices.IndexFunc(ops, func(o op) bool { return o.code == opBrTable })
	table, regions := ops[at].args, 0
	for i := at - 2; i >= 0 && ops[i].code == opBlock; i-- {
		regions++
	}
	first := 0 // the loop, or the block around it
	for ops[first].code != opBlock && ops[first].code != opLoop {
		first++
	}
	isEntry := map[int]bool{}
	for region, depth, i := 0, 0, at+2; i < ops[first].end; i++ {
		switch o := ops[i]; {
		case o.code == opBlock || o.code == opLoop || o.code == opIf:
			depth++
		case o.code == opEnd && depth > 0:
			depth--
		case o.code == opEnd:
			region++
		case o.code == opBrIf && depth == 0 && o.args[0] == regions-region:
			isEntry[region], isEntry[region+1] = true, true
		}
	}
	values := []int{0}
	for v, region := range table {
		if v > 0 && isEntry[region] {
			values = append(values, v)
		}
	}
	return values
}

// checkSame fails the test if two bodies do not do the same.
func checkSame(t *testing.T, original, rewritten []byte) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, uint64(len(original))))
	before, after := decode(original), decode(rewritten)
	for _, start := range starts(before) {
		for _, likely := range []float64{0.1, 0.3, 0.5, 0.9} {
			bits := make([]bool, 60)
			for i := range bits {
				bits[i] = random.Float64() < likely
			}
			want, wantDone := walk(before, start, bits)
			got, gotDone := walk(after, start, bits)
			if !wantDone || !gotDone { // one may have done more in the same number of steps
				n := min(len(want), len(got))
				want, got = want[:n], got[:n]
			} else if len(want) != len(got) {
				got = append(got, "the end")
			}
			if i := slices.Compare(want, got); i != 0 {
				t.Fatalf("with PC_B %d and the conditions %v\n%q is done before, and\n%q after\n%s\nhas become\n%s",
					start, bits, want, got, text(original), text(rewritten))
			}
		}
	}
}

// text returns the instructions of a body in the words of assemble, with these changes: pc=7 sets PC_B, get0 reads it, and
// table2,0,1 branches by it. What has to do with the stack pointer is left out.
func text(body []byte) string {
	var words []string
	names := map[byte]string{
		0x00: "unreachable", opBlock: "block", opLoop: "loop", opIf: "if", opElse: "else", opEnd: "end", opBr: "br", opBrIf: "?br",
		0x0F: "return", opGet: "get", opSet: "set", opConst: "const", opCall: "call", opIndirect: "indirect", opGlobalGet: "global",
	}
	for _, o := range decode(body) {
		word := names[o.code]
		switch {
		case o.code == opBrTable:
			word = "table" + strings.ReplaceAll(strings.Trim(fmt.Sprint(o.args), "[]"), " ", ",")
		case word == "":
			word = fmt.Sprintf("%x", o.text)
		case o.code != opIndirect:
			for _, arg := range o.args {
				word += fmt.Sprint(arg)
			}
		}
		words = append(words, word)
	}
	all := " " + strings.Join(words, " ") + " "
	all = strings.ReplaceAll(all, " global0 set1 ", " ")
	all = strings.ReplaceAll(all, " get2 ", " cond ")
	all = strings.ReplaceAll(all, " set0 const0 get0 indirect ", " indirect ")
	all = strings.ReplaceAll(all, " const0 call7 ", " call ")
	words = strings.Fields(all)
	for i := 0; i < len(words); i++ {
		number, isConst := strings.CutPrefix(words[i], "const")
		switch {
		case isConst && i+1 < len(words) && words[i+1] == "set0":
			words = slices.Replace(words, i, i+2, "pc="+number)
		case isConst && i+1 < len(words) && words[i+1] == "1a":
			words = slices.Replace(words, i, i+2, "m"+number)
		}
	}
	return strings.Join(words, " ")
}
