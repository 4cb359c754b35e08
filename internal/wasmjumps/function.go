package wasmjumps

import "slices"

// kind is what an instruction is for the jumps of a function.
type kind uint8

const (
	plain     kind = iota // one or more instructions that are copied
	open                  // block, loop or if: its code is copied, and it is closed by an end
	otherwise             // else
	end                   // end
	branch                // br, to a label
	branchIf              // br_if, to a label
	jump                  // set PC_B, and br to the start of the function's loop: to a region
	jumpIf                // a jump in an if that has nothing else
)

// instruction is an instruction, or several that are copied.
type instruction struct {
	kind kind
	// from and to are where its code is in the body; for a jump, where that of setting PC_B is.
	from, to int
	// target is a label for open, branch and branchIf, and the region for jump and jumpIf.
	target int
}

func (in instruction) isJump() bool { return in.kind == jump || in.kind == jumpIf }

// function is a function that the compiler has split into regions: the parts of its code that a jump can reach, or where it
// goes on after a call that another goroutine interrupted. It has the form
//
//	block               ;; is left to return to the scheduler; only with calls
//	  loop
//	    block … block   ;; one for each region
//	      local.get PC_B
//	      br_table …    ;; to the region that PC_B says
//	    end
//	    region 0
//	    end
//	    region 1
//	    …
//	  end
//	  unreachable
//	end
//	…
//
// in which each jump sets PC_B and goes back to the start of the loop.
type function struct {
	// start is where the blocks start, behind the declarations of the local variables.
	start int
	// before has the instructions up to the loop, and after those behind the end of the loop.
	before, after []instruction
	loop          instruction
	regions       []region
	// table has the region of each value of PC_B. The last is for all others.
	table []int
	// labels is how many labels there are.
	labels int
}

// region is a part of a function's code.
type region struct {
	code []instruction
	// resumable means that it has a call after which the function may go on in the next region.
	resumable bool
}

// cycle is a loop of the function's code: the regions from the first to the last. Jumps from outside lead to the first only.
type cycle struct {
	first, last int
	// entries says which regions behind the first the table must lead to. It is empty if there are none.
	entries []bool
}

// has reports whether region r is in the cycle behind its first.
func (c cycle) has(r int) bool { return c.first < r && r <= c.last }

// cycles returns the loops that can be written as loops of WebAssembly. An outer one comes before those in it. The first is no
// loop but the whole function, as if it started before its first region.
func (f *function) cycles() []cycle {
	last := map[int]int{} // by first
	var jumps []hop
	for i, r := range f.regions {
		for _, in := range r.code {
			if !in.isJump() {
				continue
			}
			jumps = append(jumps, hop{i, in.target})
			if in.target <= i {
				last[in.target] = max(last[in.target], i)
			}
		}
	}
	var all []cycle
	for first, last := range last {
		all = append(all, cycle{first: first, last: last})
	}
	slices.SortFunc(all, func(a, b cycle) int {
		if a.first != b.first {
			return a.first - b.first
		}
		return b.last - a.last
	})
	// The table must lead to where the function goes on after a call, or calls deferreturn after a panic, and to the start of each
	// loop that stays as it is.
	entry := make([]bool, len(f.regions)+1)
	for i, r := range f.regions {
		if r.resumable {
			entry[i], entry[i+1] = true, true
		}
	}
	kept := []cycle{{first: -1, last: len(f.regions) - 1}}
	for _, c := range all {
		overlaps := func(k cycle) bool { return c.first <= k.last && k.last < c.last }
		if c.isEnteredAtFirst(jumps) && !slices.ContainsFunc(kept, overlaps) {
			kept = append(kept, c)
		} else {
			entry[c.first] = true
		}
	}
	for i, c := range kept {
		if slices.Contains(entry[c.first+1:c.last+1], true) {
			kept[i].entries = entry
		}
	}
	return kept
}

// hop is a jump from one region to another.
type hop struct{ from, to int }

// isEnteredAtFirst reports whether jumps from outside lead only to the first region of c.
func (c cycle) isEnteredAtFirst(jumps []hop) bool {
	return !slices.ContainsFunc(jumps, func(j hop) bool {
		return c.has(j.to) && (j.from < c.first || j.from > c.last)
	})
}
