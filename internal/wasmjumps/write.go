package wasmjumps

import "slices"

// writer writes functions. It uses its memory again.
type writer struct {
	out []byte
	// depth is how many labels are open.
	depth int
	// labels, blocks and loops say how many labels were open before each label, the block of each region, and the loop that
	// starts with each region; -1 if it is not open.
	labels, blocks, loops []int
	// tables says which loops start with a table, by their first region.
	tables []bool
	f      *function
	body   []byte
	cycles []cycle
	// reached says to which regions a jump leads from a region before.
	reached []bool
}

// write returns the body of the function with direct jumps. It is valid until the next call.
func (w *writer) write(f *function, body []byte) []byte {
	n := len(f.regions)
	w.f, w.body, w.depth = f, body, 0
	w.cycles = f.cycles()
	w.labels, w.blocks, w.loops = fill(w.labels, f.labels, -1), fill(w.blocks, n, -1), fill(w.loops, n, -1)
	w.tables, w.reached = fill(w.tables, n, false), fill(w.reached, n, false)
	for i, r := range f.regions {
		for _, in := range r.code {
			if in.isJump() && in.target > i {
				w.reached[in.target] = true
			}
		}
	}
	w.out = append(w.out[:0], body[:f.start]...)
	w.code(f.before, -1)
	byTable := w.jumpsByTable()
	if byTable {
		w.open(w.labels, f.loop.target, opLoop)
	}
	w.enter(w.cycles[0])
	for i, r := range f.regions {
		if w.blocks[i] >= 0 {
			w.end()
			w.blocks[i] = -1
		}
		for _, c := range w.cycles[1:] {
			if c.first == i {
				w.open(w.loops, i, opLoop)
				w.enter(c)
			}
		}
		w.code(r.code, i)
		for _, c := range w.cycles[1:] {
			if c.last == i {
				w.end()
				w.loops[c.first] = -1
			}
		}
	}
	if byTable {
		w.end()
	}
	w.code(f.after, -1)
	return w.out
}

// jumpsByTable reports whether a jump goes through the table of the function.
func (w *writer) jumpsByTable() bool {
	for i, r := range w.f.regions {
		for _, in := range r.code {
			if in.isJump() && in.target <= i && !slices.ContainsFunc(w.cycles, func(c cycle) bool { return c.first == in.target }) {
				return true
			}
		}
	}
	return false
}

// fill returns a list of n times v, most often in the same memory.
func fill[T any](list []T, n int, v T) []T {
	list = list[:0]
	for range n {
		list = append(list, v)
	}
	return list
}

// enter writes what stands before the first region of a loop, or of the function: blocks, and a table if the function can go on
// in a later region after a call.
func (w *writer) enter(c cycle) {
	start := max(c.first, 0)
	isEntry := func(r int) bool { return r > start && r <= c.last && c.entries != nil && c.entries[r] }
	needed := fill([]bool(nil), len(w.f.regions), false)
	low, high := 0, 0 // the values of PC_B for which there is a table
	named, rest := w.f.table[:len(w.f.table)-1], w.f.table[len(w.f.table)-1]
	for v, r := range named {
		if isEntry(r) {
			if high == 0 {
				low = v
			}
			high = v + 1
			needed[w.lead(c, r)] = true
		}
	}
	otherwise := start // where the table leads for all other values
	if isEntry(rest) { // for this region there are values behind all those that the compiler's table names
		otherwise = w.lead(c, rest)
		low, high = 0, len(named)
		needed[otherwise] = true
	}
	for r := c.last; r > start; r-- {
		if w.lead(c, r) == r && (needed[r] || w.reached[r]) {
			w.open(w.blocks, r, opBlock)
		}
	}
	if high == 0 {
		return
	}
	w.tables[start] = c.first >= 0
	w.open(w.blocks, start, opBlock)
	w.out = append(w.out, opGet, 0)
	if low > 0 {
		w.out = appendInt(append(w.out, opConst), low)
		w.out = append(w.out, opSub)
	}
	w.out = append(w.out, opBrTable)
	w.out = appendUint(w.out, high-low)
	for _, r := range named[low:high] {
		if r = w.lead(c, r); r < start || r > c.last || !needed[r] {
			r = start
		}
		w.out = appendUint(w.out, w.depth-1-w.blocks[r])
	}
	w.out = appendUint(w.out, w.depth-1-w.blocks[otherwise])
	w.end()
	w.blocks[start] = -1
}

// lead returns where a table at the start of c leads for region r: to r, or to the start of the outermost loop in c that has it.
func (w *writer) lead(c cycle, r int) int {
	for _, inner := range w.cycles {
		if inner.has(r) && c.first < inner.first && inner.last <= c.last {
			return inner.first
		}
	}
	return r
}

func (w *writer) open(labels []int, label int, op byte) {
	labels[label] = w.depth
	w.depth++
	w.out = append(w.out, op, noResult)
}

func (w *writer) end() {
	w.out = append(w.out, opEnd)
	w.depth--
}

// code writes instructions of a region, or of none if it is -1.
func (w *writer) code(list []instruction, region int) {
	for _, in := range list {
		switch in.kind {
		case plain, otherwise:
			w.out = append(w.out, w.body[in.from:in.to]...)
		case open:
			w.labels[in.target] = w.depth
			w.depth++
			w.out = append(w.out, w.body[in.from:in.to]...)
		case end:
			w.end()
		case branch:
			w.branch(opBr, w.labels[in.target])
		case branchIf:
			w.branch(opBrIf, w.labels[in.target])
		case jump, jumpIf:
			w.jump(in, region)
		}
	}
}

func (w *writer) branch(op byte, to int) {
	w.out = append(w.out, op)
	w.out = appendUint(w.out, w.depth-1-to)
}

// jump writes a jump: directly if there is a block or a loop for its target, otherwise by the table of the function.
func (w *writer) jump(in instruction, region int) {
	to, set := w.blocks[in.target], []byte(nil)
	if in.target <= region {
		if to = w.loops[in.target]; to >= 0 && w.tables[in.target] {
			set = resetPC
		}
	}
	if to < 0 {
		to, set = w.labels[w.f.loop.target], w.body[in.from:in.to]
	}
	switch {
	case in.kind == jump:
		w.out = append(w.out, set...)
		w.branch(opBr, to)
	case set == nil:
		w.branch(opBrIf, to)
	default:
		w.out = append(w.out, opIf, noResult)
		w.depth++
		w.out = append(w.out, set...)
		w.branch(opBr, to)
		w.end()
	}
}

// resetPC sets PC_B to the start of the function, which is in no table of a loop. Otherwise the table would lead again to where
// the function went on.
var resetPC = []byte{opConst, 0, opSet, 0}
