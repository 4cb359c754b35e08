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
	trap                  // unreachable
)

// instruction is an instruction, or several that are copied.
type instruction struct {
	kind kind
	// from and to are where its code is in the body, if it is copied.
	from, to int
	// target is a label for open, branch and branchIf, and the region for jump and jumpIf.
	target int
	// value is the value to which a jump sets PC_B.
	value int
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
	// keepsFunction means that PC_B is the number of another function after a call through a function value.
	keepsFunction bool
	// labels is how many labels there are.
	labels int
}

// region is a part of a function's code. Where it goes on in the next one, it ends with a jump until order has been called.
type region struct {
	code []instruction
	// resumable means that it has a call after which the function may go on in the next region.
	resumable bool
	// isEntry means that the function's table must lead to it: it is next to such a call, or it has one, which may be that of deferreturn
	// after a panic.
	isEntry bool
}

// cycle is a loop of the function's code: the regions from the first to the last. Jumps from outside lead to the first only.
type cycle struct {
	first, last int
	// entries says which regions behind the first the table must lead to. It is empty if there are none.
	entries []bool
}

// mayMistake reports whether the table of c, if it has one, could take the number of another function for a place in c: such a number
// is for the last region, as all that the table does not name, and a large table names some.
func (f *function) mayMistake(c cycle) bool {
	rest := f.table[len(f.table)-1]
	return f.keepsFunction && (c.first <= rest && rest <= c.last || len(f.table) > firstFunction)
}

// firstFunction is the lowest number of a function.
// Source: https://github.com/golang/go/blob/go1.26.0/src/cmd/link/internal/wasm/asm.go
const firstFunction = 0x1000

// cycles returns the loops that can be written as loops of WebAssembly. An outer one comes before those in it. The first is no
// loop but the whole function, as if it started before its first region.
func (f *function) cycles() []cycle {
	all, from := f.jumps()
	// The table must also lead to the start of each loop that stays as it is.
	entry := make([]bool, len(f.regions))
	for i, r := range f.regions {
		entry[i] = r.isEntry
	}
	kept := []cycle{{first: -1, last: len(f.regions) - 1}}
	// No loop may start inside a kept loop and end after it: the jump to its start would come from outside.
	var around []cycle
	steps := 0
	for _, c := range all {
		for len(around) > 0 && around[len(around)-1].last < c.first {
			around = around[:len(around)-1]
		}
		if f.mayMistake(c) || len(around) == maxNesting || steps > maxSteps || !c.isEnteredAtFirst(from, &steps) {
			entry[c.first] = true
			continue
		}
		kept, around = append(kept, c), append(around, c)
	}
	for i, c := range kept {
		if slices.Contains(entry[c.first+1:c.last+1], true) {
			kept[i].entries = entry
		}
	}
	return kept
}

// jumps returns all loops, each from the target of a jump back to the last of those jumps, and where the jumps to each region start.
func (f *function) jumps() (loops []cycle, from []origins) {
	last := map[int]int{} // by first
	from = make([]origins, len(f.regions))
	for i := range from {
		from[i] = origins{i, i}
	}
	for i, r := range f.regions {
		for _, in := range r.code {
			if !in.isJump() {
				continue
			}
			to := &from[in.target]
			to.lowest, to.highest = min(to.lowest, i), max(to.highest, i)
			if in.target <= i {
				last[in.target] = max(last[in.target], i)
			}
		}
	}
	for first, last := range last {
		loops = append(loops, cycle{first: first, last: last})
	}
	slices.SortFunc(loops, func(a, b cycle) int { return a.first - b.first })
	return loops, from
}

// A loop in as many others stays as it is: each loop may have a table for all that is in it.
const maxNesting = 32

// maxSteps limits the time for a function with very many loops. What is not looked at stays as it is.
const maxSteps = 1 << 22

// origins says between which regions the jumps to a region start. The region itself is one of them.
type origins struct{ lowest, highest int }

// isEnteredAtFirst reports whether jumps from outside lead only to the first region of c. It adds how many regions it has looked at
// to steps.
func (c cycle) isEnteredAtFirst(from []origins, steps *int) bool {
	for r := c.first + 1; r <= c.last; r++ {
		*steps++
		if from[r].lowest < c.first || from[r].highest > c.last {
			return false
		}
	}
	return true
}
