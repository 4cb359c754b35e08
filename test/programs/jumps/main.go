// Command jumps has every kind of jump that Go has, most of them around calls at which goroutines switch. It prints what it does.
// The suite jumps compares what it prints before and after its jumps are made direct.
//
// With the argument panic, nil, deadlock or exit it ends that way; with all it does the rest.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] != "all" {
		end(os.Args[1])
	}
	for _, part := range []struct {
		name string
		run  func() any
	}{
		{"nested loops with channels", nestedChannels},
		{"a pipeline of goroutines", pipeline},
		{"goroutines that yield in loops", yields},
		{"defer in a loop", deferInLoop},
		{"recover in a loop", recoverInLoop},
		{"recover, then a result", recoverResult},
		{"panics in deferred calls", panicInDefer},
		{"select in a loop", selectInLoop},
		{"range over functions", rangeOverFunctions},
		{"pulled iterators", pulled},
		{"closures in a loop", closures},
		{"a long switch", longSwitch},
		{"goto", gotos},
		{"labels", labels},
		{"loops that are entered in the middle", middle},
		{"interfaces and maps", maps},
		{"stacks that grow in loops", growingStacks},
		{"garbage collection in loops", collections},
		{"traces", traces},
	} {
		fmt.Printf("%s: %v\n", part.name, part.run())
	}
}

func nestedChannels() any {
	in, out := make(chan int), make(chan string)
	var wg sync.WaitGroup
	for worker := range 3 {
		wg.Go(func() {
			for n := range in {
				text := ""
				for i := range n {
					for j := 0; j <= i; j++ {
						if j == 2 {
							continue
						}
						runtime.Gosched()
						text += fmt.Sprint(i*j, " ")
					}
				}
				out <- fmt.Sprint(n, ":", text)
			}
			_ = worker
		})
	}
	go func() {
		for i := range 12 {
			in <- i % 5
		}
		close(in)
		wg.Wait()
		close(out)
	}()
	var all []string
	for text := range out {
		all = append(all, text)
	}
	slices.Sort(all)
	return all
}

func pipeline() any {
	source := make(chan int)
	go func() {
		defer close(source)
		for i := 2; i < 60; i++ {
			source <- i
		}
	}()
	var primes []int
	for next := source; ; {
		prime, ok := <-next
		if !ok {
			return primes
		}
		primes = append(primes, prime)
		filtered, from := make(chan int), next
		go func() {
			defer close(filtered)
			for n := range from {
				if n%prime != 0 {
					filtered <- n
				}
			}
		}()
		next = filtered
	}
}

func yields() any {
	var mu sync.Mutex
	var wg sync.WaitGroup
	sums := make([]int, 4)
	for i := range sums {
		wg.Go(func() {
			for outer := range 10 {
				for inner := outer; inner > 0; inner-- {
					mu.Lock()
					sums[i] += inner
					runtime.Gosched()
					mu.Unlock()
					if inner%3 == i%3 {
						break
					}
				}
				runtime.Gosched()
			}
		})
	}
	wg.Wait()
	return sums
}

func deferInLoop() (result any) {
	var order []int
	defer func() { result = order }()
	for i := range 5 {
		defer func() { order = append(order, i) }()
		func() {
			defer func() { order = append(order, 10+i) }()
			runtime.Gosched()
		}()
	}
	return nil
}

func recoverInLoop() any {
	var got []string
	for i := range 6 {
		for j := range 3 {
			func() {
				defer func() {
					if r := recover(); r != nil {
						got = append(got, fmt.Sprint(i, j, r))
					}
				}()
				for k := 0; ; k++ {
					runtime.Gosched()
					if k == j {
						fail(i)
						return
					}
				}
			}()
		}
	}
	return got
}

// fail panics in some way.
func fail(how int) {
	var none *[3]int
	list, zero := []int{1, 2, 3}, 0
	switch how {
	case 0:
		panic("text")
	case 1:
		panic(errors.New("error"))
	case 2:
		fmt.Println(none[1])
	case 3:
		fmt.Println(list[how])
	case 4:
		fmt.Println(how / zero)
	}
}

func recoverResult() any {
	try := func(how int) (n int, err error) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("recovered: %v", r)
			}
		}()
		for n = range 10 {
			if n == how {
				fail(how)
			}
		}
		return n, nil
	}
	var all []string
	for how := range 6 {
		n, err := try(how)
		all = append(all, fmt.Sprint(n, err))
	}
	return all
}

func panicInDefer() (result any) {
	defer func() { result = fmt.Sprint(result, " then ", recover()) }()
	for i := range 3 {
		defer func() {
			r := recover()
			panic(fmt.Sprint(r, i))
		}()
	}
	panic("first")
}
