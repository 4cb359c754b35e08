package wasmjumps

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// assemble returns the body of a function as the compiler writes it. Each region is a list of words:
//
//	m7        an instruction that is copied: i32.const 7, drop
//	pc        the next instruction has a value of PC_B of its own, which leads to the same region
//	cond      a condition
//	j2        a jump to region 2; "cond ?j2" is a conditional one
//	call      a call after which the function may go on in the next region
//	indirect  the same through a function value, for which the compiler keeps the function in PC_B
//	fail      a call in an if that unwinds, but never goes on
//	if, else, end, block, loop, return, unreachable
//	br1, ?br1 a branch to a label inside the region, and a conditional one
//
// The local variable 2 has the conditions.
func assemble(regions ...string) []byte {
	a := assembler{regions: regions}
	for i, region := range regions {
		words := strings.Fields(region)
		for range 1 + count(words, "pc") {
			if i < len(regions)-1 {
				a.table = append(a.table, i)
			}
		}
		a.unwinds = a.unwinds || slices.ContainsFunc(words, unwinds)
		a.jumps = a.jumps || slices.ContainsFunc(words, func(word string) bool { return strings.HasPrefix(strings.TrimPrefix(word, "?"), "j") })
	}
	a.table = append(a.table, len(regions)-1)

	a.add(1, 2, 0x7F)               // two variables, of type i32
	a.add(opGlobalGet, 0, opSet, 1) // the stack pointer
	a.addIf(a.unwinds, opBlock, noResult)
	a.addIf(a.jumps, opLoop, noResult)
	for range regions {
		a.add(opBlock, noResult)
	}
	a.add(opGet, 0, opBrTable)
	a.number(len(a.table) - 1)
	a.number(a.table...)
	for i, region := range regions {
		a.add(opEnd)
		a.region, a.depth = i, 0
		for _, word := range strings.Fields(region) {
			a.word(word)
		}
	}
	a.addIf(a.jumps, opEnd)
	a.add(0x00)
	a.addIf(a.unwinds, opEnd, opConst, 1)
	a.add(opEnd)
	return a.out
}

func count(words []string, word string) int {
	n := 0
	for _, w := range words {
		if w == word {
			n++
		}
	}
	return n
}

func unwinds(word string) bool { return word == "call" || word == "indirect" || word == "fail" }

type assembler struct {
	out            []byte
	regions        []string
	table          []int
	unwinds, jumps bool
	// region is the one that is written, and depth how many labels are open in it.
	region, depth int
}

func (a *assembler) add(code ...byte) { a.out = append(a.out, code...) }

func (a *assembler) addIf(yes bool, code ...byte) {
	if yes {
		a.add(code...)
	}
}

func (a *assembler) number(list ...int) {
	for _, n := range list {
		a.out = appendUint(a.out, n)
	}
}

// toLoop returns the depth of the label to which jumps branch.
func (a *assembler) toLoop() int { return a.depth + len(a.regions) - 1 - a.region }

func (a *assembler) word(word string) {
	call := []byte{opConst, 0, opCall, 7, opGlobalGet, 0, opSet, 1}
	switch word {
	case "pc":
	case "cond":
		a.add(opGet, 2)
	case "indirect":
		call = []byte{opSet, 0, opConst, 0, opGet, 0, opIndirect, 0, 0, opGlobalGet, 0, opSet, 1}
		fallthrough
	case "call":
		a.add(call...)
		a.toUnwind()
	case "fail":
		a.word("cond")
		a.word("if")
		a.add(call...)
		a.toUnwind()
		a.word("end")
	case "if", "block", "loop":
		a.add(map[string]byte{"if": opIf, "block": opBlock, "loop": opLoop}[word], noResult)
		a.depth++
	case "else":
		a.add(opElse)
	case "end":
		a.add(opEnd)
		a.depth--
	case "return":
		a.add(opConst, 0, 0x0F)
	case "unreachable":
		a.add(0x00)
	default:
		a.withNumber(word)
	}
}

func (a *assembler) toUnwind() {
	a.add(opBrIf)
	to := a.toLoop()
	if a.jumps {
		to++
	}
	a.number(to)
}

func (a *assembler) withNumber(word string) {
	name := strings.TrimRight(word, "0123456789")
	n, err := strconv.Atoi(word[len(name):])
	if err != nil {
		panic(fmt.Sprintf("the word %q is unknown", word))
	}
	switch name {
	case "m":
		a.out = appendInt(append(a.out, opConst), n)
		a.add(0x1A)
	case "?j":
		a.word("if")
		a.withNumber(word[1:])
		a.word("end")
	case "j":
		value, _ := slices.BinarySearch(a.table, n)
		a.out = appendInt(append(a.out, opConst), value)
		a.add(opSet, 0, opBr)
		a.number(a.toLoop())
	case "br", "?br":
		a.add(map[string]byte{"br": opBr, "?br": opBrIf}[name])
		a.number(n)
	default:
		panic(fmt.Sprintf("the word %q is unknown", word))
	}
}

// module returns a program with these functions, between two sections that are copied.
func module(bodies ...[]byte) []byte {
	code := appendUint(nil, len(bodies))
	for _, body := range bodies {
		code = append(appendUint(code, len(body)), body...)
	}
	out := []byte("\x00asm\x01\x00\x00\x00" + "\x00\x05\x04name")
	out = append(appendUint(append(out, codeSection), len(code)), code...)
	return append(out, 11, 1, 0)
}

// bodies returns the functions of a program.
func bodies(program []byte) [][]byte {
	r := reader{code: program, at: 8}
	for r.at < len(program) && !r.failed {
		id := r.byte()
		section := reader{code: r.bytes(r.uint())}
		if id != codeSection {
			continue
		}
		var all [][]byte
		for range section.uint() {
			all = append(all, section.bytes(section.uint()))
		}
		if section.failed || section.at != len(section.code) {
			break
		}
		return all
	}
	panic("this program has no functions")
}
