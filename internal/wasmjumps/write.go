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
	// reached says to which regions a jump leads from a region before, and needed to which a table leads.
	reached, needed []bool
	// values has the values of PC_B for each region, as the compiler's table names them.
	values []span
	// leads says where the table that is written leads for a region: to it, or to the start of the outermost loop that has it.
	leads []int
}

// span is the numbers from low to high, which is not one of them.
type span struct{ low, high int }

// write returns the body of the function with direct jumps. It is valid until the next call.
func (w *writer) write(f *function, body []byte) []byte {
	n := len(f.regions)
	w.f, w.body, w.depth = f, body, 0
	w.cycles = f.cycles()
	w.labels, w.blocks, w.loops = fill(w.labels, f.labels, -1), fill(w.blocks, n, -1), fill(w.loops, n, -1)
	w.tables, w.reached, w.needed = fill(w.tables, n, false), fill(w.reached, n, false), fill(w.needed, n, false)
	w.leads, w.values = fill(w.leads, n, 0), fill(w.values, n, span{})
	for v, r := range f.table[:len(f.table)-1] {
		if w.values[r].high == 0 {
			w.values[r].low = v
		}
		w.values[r].high = v + 1
	}
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
	next, open := w.cycles[1:], []cycle(nil)
	w.enter(w.cycles[0], next)
	for i, r := range f.regions {
		if w.blocks[i] >= 0 {
			w.end()
			w.blocks[i] = -1
		}
		if len(next) > 0 && next[0].first == i {
			w.open(w.loops, i, opLoop)
			w.enter(next[0], next[1:])
			open, next = append(open, next[0]), next[1:]
		}
		w.code(r.code, i)
		for len(open) > 0 && open[len(open)-1].last == i {
			w.end()
			w.loops[open[len(open)-1].first] = -1
			open = open[:len(open)-1]
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
			if !in.isJump() || in.target > i {
				continue
			}
			if _, ok := slices.BinarySearchFunc(w.cycles, in.target, func(c cycle, r int) int { return c.first - r }); !ok {
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
// in a later region after a call. The loops in it are the first of inner.
func (w *writer) enter(c cycle, inner []cycle) {
	w.lead(c, inner)
	start := max(c.first, 0)
	isEntry := func(r int) bool { return r > start && r <= c.last && c.entries != nil && c.entries[r] }
	low, high := 0, 0 // the values of PC_B for which there is a table
	named, rest := w.f.table[:len(w.f.table)-1], w.f.table[len(w.f.table)-1]
	for r := start + 1; r <= c.last; r++ {
		if v := w.values[r]; isEntry(r) && v.low < v.high {
			if high == 0 {
				low = v.low
			}
			low, high = min(low, v.low), max(high, v.high)
			w.needed[w.leads[r]] = true
		}
	}
	otherwise := start // where the table leads for all other values
	if isEntry(rest) { // values that are too large for the compiler's table lead to this region too
		otherwise = w.leads[rest]
		low, high = 0, len(named)
		w.needed[otherwise] = true
	}
	for r := c.last; r > start; r-- {
		if w.leads[r] == r && (w.needed[r] || w.reached[r]) {
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
		to := start
		if r > start && r <= c.last && w.needed[w.leads[r]] {
			to = w.leads[r]
		}
		w.out = appendUint(w.out, w.depth-1-w.blocks[to])
	}
	w.out = appendUint(w.out, w.depth-1-w.blocks[otherwise])
	w.end()
	w.blocks[start] = -1
}

// lead sets leads for a table at the start of c. The loops in c are the first of inner.
func (w *writer) lead(c cycle, inner []cycle) {
	for r := c.first + 1; r <= c.last; r++ {
		for len(inner) > 0 && inner[0].first < r {
			inner = inner[1:] // it is in the one before
		}
		w.leads[r] = r
		if len(inner) > 0 && inner[0].first == r {
			for first, last := r, inner[0].last; r < last; r++ {
				w.leads[r+1] = first
			}
		}
	}
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
		case trap:
			w.out = append(w.out, opUnreachable)
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
			// PC_B is no longer where the function went on: otherwise the table would lead there again.
			set = setPC(0)
		}
	}
	if to < 0 {
		to, set = w.labels[w.f.loop.target], setPC(in.value)
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

// setPC returns the instructions that set PC_B.
func setPC(value int) []byte { return append(appendInt([]byte{opConst}, value), opSet, 0) }
