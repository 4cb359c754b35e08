package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

func growingStacks() any {
	var wg sync.WaitGroup
	depths := make([]int, 3)
	for i := range depths {
		wg.Go(func() {
			for round := range 4 {
				depths[i] += deep(200 * (round + 1))
			}
		})
	}
	wg.Wait()
	return depths
}

// deep calls itself n times, and other goroutines run in between.
func deep(n int) int {
	var frame [32]int
	for i := range frame {
		frame[i] = n
		if i == 7 && n%50 == 0 {
			runtime.Gosched()
		}
	}
	if n == 0 {
		return 0
	}
	return deep(n-1) + frame[n%len(frame)]/n
}

func collections() any {
	type node struct {
		next *node
		text string
	}
	var list *node
	length := 0
	for i := range 30 {
		for j := range 20 {
			if j%4 == 0 {
				list = nil
			}
			list = &node{list, fmt.Sprint(i, j)}
		}
		if i%10 == 0 {
			runtime.GC()
		}
		for n := list; n != nil; n = n.next {
			length += len(n.text)
		}
	}
	return length
}

func traces() any {
	var all []string
	for i := range 3 {
		func() {
			defer func() {
				if recover() != nil {
					all = append(all, trace())
				}
			}()
			for j := 0; ; j++ {
				runtime.Gosched()
				if j == i {
					fail(i)
				}
				all = append(all, trace())
			}
		}()
		for text := range countTo(2) {
			all = append(all, fmt.Sprint(text, trace()))
		}
	}
	return strings.Join(all, "\n")
}

// trace returns the functions and lines that are being run.
func trace() string {
	pcs := make([]uintptr, 50)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	var text strings.Builder
	for {
		frame, more := frames.Next()
		fmt.Fprintf(&text, " %s %s:%d", frame.Function, filepath.Base(frame.File), frame.Line)
		if !more {
			return text.String()
		}
	}
}

// end ends the program.
func end(how string) {
	blocked := make(chan int)
	go func() {
		for n := range blocked {
			fmt.Println(n)
		}
	}()
	for i := 0; ; i++ {
		runtime.Gosched()
		switch {
		case i < 3:
		case how == "deadlock":
			<-make(chan int)
		case how == "nil":
			fail(2)
		case how == "exit":
			os.Exit(i)
		case how == "panic":
			panicInRange()
		}
	}
}

func panicInRange() {
	defer fmt.Println("deferred")
	for i := range countTo(3) {
		if i == 1 {
			panic(fmt.Errorf("panic %d", i))
		}
	}
}
