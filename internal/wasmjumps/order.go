package wasmjumps

import "slices"

// order changes the order of the regions, and all their numbers, so that each loop starts with the region by which it is entered, and has
// all its regions one after the other. The compiler puts the condition of a loop behind its body, and what seldom runs behind everything:
// https://github.com/golang/go/blob/go1.26.0/src/cmd/compile/internal/ssa/looprotate.go
func (f *function) order() {
	for i := range f.regions {
		if f.regions[i].resumable {
			f.regions[i].isEntry = true
			if i+1 < len(f.regions) {
				f.regions[i+1].isEntry = true
			}
		}
	}
	order := newGraph(f).layout() // the old number by the new one
	at := make([]int, len(order)) // the new number by the old one
	for i, r := range order {
		at[r] = i
	}
	old := slices.Clone(f.regions)
	for i, r := range order {
		f.regions[i] = old[r]
		code := f.regions[i].code
		for j := range code {
			if code[j].isJump() {
				code[j].target = at[code[j].target]
			}
		}
		if n := len(code); n > 0 && (code[n-1].kind == jump && code[n-1].target == i+1 || code[n-1].kind == trap && i == len(order)-1) {
			f.regions[i].code = code[:n-1] // it goes on there anyway
		}
	}
	for v, r := range f.table {
		f.table[v] = at[r]
	}
}

// graph has the jumps between the regions of a function.
type graph struct {
	to, from [][]int
	// number is the place of each region in a reverse postorder: behind all from which it can be reached, apart from loops. A region
	// that only the table leads to comes from the first region. sorted has the regions in that order.
	number, sorted []int
	// dominator is the last region before each that every way to it goes through.
	dominator []int
	// loop is the start of the innermost loop that a region is in, or -1. outer is the same for the loop that starts with a region.
	loop, outer []int
	// steps is how much of the work has been done whose time can grow faster than the function.
	steps int
}

func newGraph(f *function) *graph {
	n := len(f.regions)
	g := &graph{to: make([][]int, n), from: make([][]int, n), number: make([]int, n)}
	for i, r := range f.regions {
		for _, in := range r.code {
			if in.isJump() {
				g.to[i] = append(g.to[i], in.target)
			}
		}
	}
	g.sort()
	for i, to := range g.to {
		for _, r := range to {
			g.from[r] = append(g.from[r], i)
		}
	}
	g.dominate()
	g.findLoops()
	return g
}

// sort sets number and sorted. Some regions are reached only through the table, by no jump. It adds a jump from the first region to each
// of them, so that every region has a way from the first.
func (g *graph) sort() {
	seen := make([]bool, len(g.to))
	type visit struct{ region, next int }
	var stack []visit
	for root := range g.to {
		if seen[root] {
			continue
		}
		if root > 0 {
			g.to[0] = append(g.to[0], root)
		}
		seen[root] = true
		stack = append(stack, visit{root, 0})
		for len(stack) > 0 {
			v := &stack[len(stack)-1]
			if v.next == len(g.to[v.region]) {
				g.sorted = append(g.sorted, v.region)
				stack = stack[:len(stack)-1]
				continue
			}
			r := g.to[v.region][v.next]
			v.next++
			if !seen[r] {
				seen[r] = true
				stack = append(stack, visit{r, 0})
			}
		}
		if root == 0 {
			g.sorted = g.sorted[:len(g.sorted)-1] // it is put behind the others, so that it is first
		}
	}
	g.sorted = append(g.sorted, 0)
	slices.Reverse(g.sorted)
	for i, r := range g.sorted {
		g.number[r] = i
	}
}

// dominate sets dominator, by the algorithm of Cooper, Harvey and Kennedy: https://www.cs.tufts.edu/comp/150FP/archive/keith-cooper/dom14.pdf
func (g *graph) dominate() {
	g.dominator = fill([]int(nil), len(g.to), -1)
	g.dominator[0] = 0
	for changed := true; changed && g.steps <= maxSteps; {
		changed = false
		g.steps += len(g.sorted)
		for _, r := range g.sorted[1:] {
			dominator := -1
			for _, p := range g.from[r] {
				switch {
				case g.dominator[p] < 0:
				case dominator < 0:
					dominator = p
				default:
					dominator = g.common(dominator, p)
				}
			}
			if g.dominator[r] != dominator {
				g.dominator[r], changed = dominator, true
			}
		}
	}
}

// common returns the last region that every way to a and to b goes through. After too many steps its result means nothing.
func (g *graph) common(a, b int) int {
	for a != b {
		if g.steps++; g.steps > maxSteps {
			return 0
		}
		if g.number[a] > g.number[b] {
			a = g.dominator[a]
		} else {
			b = g.dominator[b]
		}
	}
	return a
}

// findLoops sets loop and outer. A loop has a jump back to a region that every way to the jump goes through.
func (g *graph) findLoops() {
	n := len(g.to)
	g.loop, g.outer = fill([]int(nil), n, -1), fill([]int(nil), n, -1)
	// unit is a region's outermost loop that was found, or the region itself.
	up := fill([]int(nil), n, -1)
	unit := func(r int) int {
		for up[r] >= 0 {
			if up[up[r]] >= 0 {
				up[r] = up[up[r]] // shortens the way for the next time
			}
			r = up[r]
		}
		return r
	}
	for _, start := range slices.Backward(g.sorted) { // the inner ones first
		if g.steps > maxSteps {
			return
		}
		var found []int
		isLoop := false
		add := func(r int) {
			if r = unit(r); r != start && g.loop[r] != start && g.outer[r] != start {
				if g.loop[r] == r {
					g.outer[r] = start
				} else {
					g.loop[r] = start
				}
				found = append(found, r)
			}
		}
		for _, p := range g.from[start] {
			if g.number[p] >= g.number[start] && g.common(start, p) == start {
				isLoop = true
				add(p)
			}
		}
		if !isLoop {
			continue
		}
		for i := 0; i < len(found); i++ {
			for _, p := range g.from[found[i]] {
				if unit(p) != found[i] && g.common(start, p) == start {
					add(p)
				}
			}
		}
		g.loop[start] = start
		for _, r := range found {
			up[r] = start
		}
	}
}

// layout returns the regions in their new order. It is the old one if the function has too many loops, or loops in too many others.
func (g *graph) layout() []int {
	n := len(g.to)
	for r := range n {
		if g.steps > maxSteps || g.depth(g.loop[r]) > maxNesting {
			order := make([]int, n)
			for i := range order {
				order[i] = i
			}
			return order
		}
	}
	// A unit is a region, or the loop that starts with region r: n+r. members has the units of each loop, and of the function last.
	members := make([][]int, n+1)
	in := func(loop int) *[]int {
		if loop < 0 {
			return &members[n]
		}
		return &members[loop]
	}
	key := make([]int, 2*n) // units are in the order of their first region, if nothing else decides
	for r := range n {
		key[r], key[n+r] = r, n
		*in(g.loop[r]) = append(*in(g.loop[r]), r)
		if g.loop[r] == r {
			*in(g.outer[r]) = append(*in(g.outer[r]), n+r)
		}
	}
	for r := range n {
		for l := g.loop[r]; l >= 0; l = g.outer[l] {
			key[n+l] = min(key[n+l], r)
		}
	}
	after, before := make([][]int, 2*n), make([]int, 2*n) // which units must come later, and how many earlier
	for r, to := range g.to {
		for _, t := range to {
			if g.number[r] >= g.number[t] {
				continue // back
			}
			if a, b := g.units(r, t); a != b {
				after[a] = append(after[a], b)
				before[b]++
			}
		}
	}
	var order []int
	var put func(units []int, first int)
	put = func(units []int, first int) {
		byKey := func(a, b int) int { return key[a] - key[b] }
		slices.SortFunc(units, byKey)
		var ready []int // sorted backward
		done := make(map[int]bool, len(units))
		insert := func(u int) {
			i, _ := slices.BinarySearchFunc(ready, u, func(a, b int) int { return key[b] - key[a] })
			ready = slices.Insert(ready, i, u)
		}
		for _, u := range slices.Backward(units) {
			if before[u] == 0 && u != first {
				ready = append(ready, u)
			}
		}
		if first >= 0 {
			ready = append(ready, first)
		}
		for next := 0; len(done) < len(units); {
			var u int
			if len(ready) > 0 {
				u = ready[len(ready)-1]
				ready = ready[:len(ready)-1]
			} else { // loops with several entries
				u = units[next]
				next++
			}
			if done[u] {
				continue
			}
			done[u] = true
			if u >= n {
				put(members[u-n], u-n)
			} else {
				order = append(order, u)
			}
			for _, a := range after[u] {
				if before[a]--; before[a] == 0 {
					insert(a)
				}
			}
		}
	}
	put(members[n], -1)
	return order
}

// units returns the units that r and t are in, in the innermost loop that has both.
func (g *graph) units(r, t int) (int, int) {
	n := len(g.to)
	loopR, loopT := g.loop[r], g.loop[t]
	for loopR != loopT {
		if g.depth(loopR) >= g.depth(loopT) {
			r, loopR = n+loopR, g.outer[loopR]
		} else {
			t, loopT = n+loopT, g.outer[loopT]
		}
	}
	return r, t
}

// depth returns how many loops the loop is in, with itself, but not more than are looked at.
func (g *graph) depth(loop int) int {
	depth := 0
	for ; loop >= 0 && depth <= maxNesting; loop = g.outer[loop] {
		depth++
	}
	return depth
}
