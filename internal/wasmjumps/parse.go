package wasmjumps

import "slices"

// The instructions that are not only copied. Source: https://webassembly.github.io/spec/core/binary/instructions.html
const (
	opUnreachable = 0x00
	opReturn      = 0x0F
	opBlock       = 0x02
	opLoop        = 0x03
	opIf          = 0x04
	opElse        = 0x05
	opEnd         = 0x0B
	opBr          = 0x0C
	opBrIf        = 0x0D
	opBrTable     = 0x0E
	opCall        = 0x10
	opIndirect    = 0x11
	opGet         = 0x20
	opSet         = 0x21
	opTee         = 0x22
	opGlobalGet   = 0x23
	opSub         = 0x6B
	opConst       = 0x41
	noResult      = 0x40
	// noType is noResult as a signed number.
	noType = -0x40
)

// parser reads a function's body.
type parser struct {
	reader
	f function
	// open has the labels around what is read next. A label is how many there were before.
	open   []label
	labels int
	// loop is the label of the loop around the regions, and unwind the one around that.
	loop, unwind int
	// blocks is how many blocks of regions are open, and region the number of the region that is read, or -1.
	blocks, region int
	code           *[]instruction
	// ended means that the end of the function has been read.
	ended bool
	// sets is how many instructions set PC_B for another reason than a jump or a call through a function value.
	sets int
	// variable is the number of the variable of the last instruction that uses one.
	variable int
	// first is where the copied instruction before the next one starts, and second the one before that, or -1.
	first, second int
}

type label struct {
	number int
	isIf   bool
	// isRegion says that it is the block whose end starts a region.
	isRegion bool
}

// parse reads the body of a function. It returns false if the body does not have the form of a function with regions.
func parse(body []byte) (*function, bool) {
	p := parser{reader: reader{code: body}, loop: -1, unwind: -1, region: -1, first: -1, second: -1}
	p.code = &p.f.before
	for n := p.uint(); n > 0 && !p.failed; n-- { // the local variables: how many there are of each type
		p.uint()
		p.byte()
	}
	p.next(opGlobalGet, 0, opSet, 1) // the stack pointer
	p.f.start = p.at
	if !p.head() {
		return nil, false
	}
	for p.at < len(body) {
		if !p.instruction() || p.failed {
			return nil, false
		}
	}
	if p.failed || !p.ended || p.sets != 0 {
		return nil, false
	}
	p.f.labels = p.labels
	p.f.order()
	return &p.f, true
}

// head reads what stands before the first region.
func (p *parser) head() bool {
	if p.next(opBlock, noResult, opLoop, noResult) {
		p.unwind = p.push(label{})
		p.f.before = append(p.f.before, instruction{kind: open, from: p.f.start, to: p.f.start + 2, target: p.unwind})
	} else if !p.next(opLoop, noResult) {
		return false
	}
	p.loop = p.push(label{})
	p.f.loop = instruction{kind: open, from: p.at - 2, to: p.at, target: p.loop}
	for p.next(opBlock, noResult) {
		p.push(label{isRegion: true})
		p.blocks++
	}
	if p.blocks == 0 || !p.next(opGet, 0, opBrTable) {
		return false
	}
	last := 0 // the regions come in their order, from the first to the last
	for n := p.uint(); n >= 0; n-- {
		region := p.uint()
		if p.failed || region >= p.blocks || region < last || len(p.f.table) == 0 && region != 0 {
			return false
		}
		last = region
		p.f.table = append(p.f.table, region)
	}
	if last != p.blocks-1 {
		return false
	}
	p.f.regions = make([]region, p.blocks)
	return p.next(opEnd) && p.startRegion()
}

// startRegion is called after the end of a region's block.
func (p *parser) startRegion() bool {
	if len(p.open) == 0 || !p.open[len(p.open)-1].isRegion {
		return false
	}
	p.open = p.open[:len(p.open)-1]
	if p.region >= 0 && p.falls() {
		next := p.region + 1
		value, _ := slices.BinarySearch(p.f.table, next)
		p.add(jump, 0, next)
		(*p.code)[len(*p.code)-1].value = value
	}
	p.region++
	p.code = &p.f.regions[p.region].code
	p.second, p.first = -1, -1
	return true
}

// falls reports whether what comes next can be reached from the instruction before it.
func (p *parser) falls() bool {
	code := *p.code
	if len(code) == 0 {
		return true
	}
	switch code[len(code)-1].kind {
	case jump, branch:
		return false
	case plain:
		return p.first < 0 || p.reader.code[p.first] != opUnreachable && p.reader.code[p.first] != opReturn
	}
	return true
}

// next reads these bytes, if they are next.
func (p *parser) next(want ...byte) bool {
	if len(p.reader.code)-p.at < len(want) || string(p.reader.code[p.at:p.at+len(want)]) != string(want) {
		return false
	}
	p.at += len(want)
	return true
}

func (p *parser) push(l label) int {
	l.number = p.labels
	p.labels++
	p.open = append(p.open, l)
	return l.number
}

// add adds an instruction whose code starts at from. Those that are copied are joined.
func (p *parser) add(k kind, from, target int) {
	code := *p.code
	if n := len(code); k == plain && n > 0 && code[n-1].kind == plain {
		code[n-1].to = p.at
		return
	}
	*p.code = append(code, instruction{kind: k, from: from, to: p.at, target: target})
}

// instruction reads an instruction behind the head. It returns false if the function cannot be rewritten.
func (p *parser) instruction() bool {
	from := p.at
	op := p.byte()
	switch op {
	case opBlock, opLoop, opIf:
		hasType := p.int() != noType
		number := p.push(label{isIf: op == opIf && !hasType})
		p.add(open, from, number)
	case opElse:
		p.add(otherwise, from, 0)
	case opEnd:
		return p.end(from)
	case opBr, opBrIf:
		depth := p.uint()
		if depth >= len(p.open) {
			return false // a return by a branch; the compiler does not write that
		}
		to := p.open[len(p.open)-1-depth]
		switch {
		case to.isRegion:
			return false
		case to.number == p.loop:
			return op == opBr && p.jump(from)
		case op == opBr:
			p.add(branch, from, to.number)
		default:
			if to.number == p.unwind && p.region >= 0 && p.isTop() {
				p.f.regions[p.region].resumable = true
			}
			p.add(branchIf, from, to.number)
		}
	case opBrTable:
		return false
	default:
		if !p.immediates(op) {
			return false
		}
		if opGet <= op && op <= opTee && p.variable == 0 && !p.usesPC(op, from) {
			return false
		}
		p.add(plain, from, 0)
		p.second, p.first = p.first, from
		return true
	}
	p.second, p.first = -1, -1
	return true
}

// usesPC reads an instruction that gets or sets PC_B. Besides jumps, only a call through a function value does that: it keeps the
// number of the function in PC_B while it puts an argument on the stack.
func (p *parser) usesPC(op byte, from int) bool {
	switch {
	case op == opSet:
		p.sets++
		return true
	case op == opTee || p.second < 0 || string(p.reader.code[p.second:from]) != "\x21\x00\x41\x00":
		return false
	}
	p.sets--
	p.f.keepsFunction = true
	return true
}

// isTop reports whether no block inside the region is open.
func (p *parser) isTop() bool {
	return len(p.open) > 0 && (p.open[len(p.open)-1].isRegion || p.open[len(p.open)-1].number == p.loop)
}

// end reads the rest of an end.
func (p *parser) end(from int) bool {
	if len(p.open) == 0 { // of the function
		p.add(end, from, 0)
		p.ended = true
		return p.at == len(p.reader.code)
	}
	last := p.open[len(p.open)-1]
	if last.isRegion {
		return p.startRegion()
	}
	p.open = p.open[:len(p.open)-1]
	if last.number == p.loop {
		if p.region != p.blocks-1 {
			return false
		}
		if p.falls() {
			p.add(trap, 0, 0) // it would get to the instruction behind the loop
		}
		p.region = -1
		p.code = &p.f.after
		return true
	}
	// An if with nothing but a jump is a conditional jump.
	code := *p.code
	if n := len(code); last.isIf && n >= 2 && code[n-1].kind == jump && code[n-2].kind == open && code[n-2].target == last.number {
		code[n-2] = code[n-1]
		code[n-2].kind = jumpIf
		*p.code = code[:n-1]
		return true
	}
	p.add(end, from, 0)
	return true
}

// jump reads the rest of a jump to the start of the loop. The two instructions before it set PC_B.
func (p *parser) jump(from int) bool {
	code := *p.code
	if p.region < 0 || p.second < 0 || len(code) == 0 || code[len(code)-1].kind != plain {
		return false
	}
	r := reader{code: p.reader.code[:from], at: p.second}
	if r.byte() != opConst {
		return false
	}
	value := r.int()
	if r.failed || value < 0 || r.at != p.first || r.byte() != opSet || r.byte() != 0 || r.at != from {
		return false
	}
	before := &code[len(code)-1]
	if before.to = p.second; before.from == before.to {
		code = code[:len(code)-1]
	}
	value = min(value, int64(len(p.f.table)-1))
	*p.code = append(code, instruction{kind: jump, target: p.f.table[value], value: int(value)})
	p.sets--
	return true
}

// immediates reads what stands behind an instruction that is copied.
func (p *parser) immediates(op byte) bool {
	switch {
	case op <= 0x01, op == 0x0F, op == 0x1A, op == 0x1B, 0x45 <= op && op <= 0xC4:
		return true
	case op == opCall: // a function
		p.uint()
	case opGet <= op && op <= 0x24: // a variable
		p.variable = p.uint()
	case op == opIndirect: // a type and a table
		p.uint()
		p.uint()
	case 0x28 <= op && op <= 0x3E: // an alignment and an offset; from 64 on the number of a memory too
		if p.uint() >= 64 {
			return false
		}
		p.uint()
	case op == 0x3F, op == 0x40: // a memory
		p.uint()
	case op == opConst, op == 0x42:
		p.int()
	case op == 0x43:
		p.bytes(4)
	case op == 0x44:
		p.bytes(8)
	case op == 0xFC:
		switch p.uint() {
		case 0, 1, 2, 3, 4, 5, 6, 7: // conversions
		case 10: // memory.copy
			p.uint()
			p.uint()
		case 11: // memory.fill
			p.uint()
		default:
			return false
		}
	default:
		return false
	}
	return true
}
