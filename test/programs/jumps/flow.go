package main

import (
	"fmt"
	"iter"
	"runtime"
	"slices"
)

func selectInLoop() any {
	numbers, texts, done := make(chan int), make(chan string, 1), make(chan bool)
	go func() {
		for i := range 4 {
			numbers <- i
			select {
			case texts <- fmt.Sprint("t", i):
			default:
			}
		}
		close(done)
	}()
	sum, count := 0, 0
loop:
	for {
		select {
		case n := <-numbers:
			sum += n
			for range n {
				runtime.Gosched()
			}
			continue loop
		case <-texts:
			count++
		case <-done:
			break loop
		}
	}
	select {
	case <-texts:
		count++
	default:
	}
	return fmt.Sprint(sum, " ", count > 0)
}

// countTo yields numbers and lets other goroutines run between them.
func countTo(n int) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		defer runtime.Gosched()
		for i := range n {
			if !yield(i, fmt.Sprint("v", i)) {
				return
			}
			runtime.Gosched()
		}
	}
}

func rangeOverFunctions() any {
	var got []string
	find := func(limit int) string {
	outer:
		for i, text := range countTo(6) {
			defer func() { got = append(got, "d"+text) }()
			for j := range countTo(4) {
				switch {
				case j == 1:
					continue
				case j > i:
					continue outer
				case i+j > limit:
					return fmt.Sprint("found ", i, j)
				case i == 4:
					break outer
				}
				got = append(got, fmt.Sprint(i, j))
			}
		}
		return "nothing"
	}
	got = append(got, find(4), find(100))
	return got
}

func pulled() any {
	next, stop := iter.Pull2(countTo(5))
	defer stop()
	var got []string
	for {
		i, text, ok := next()
		if !ok || i == 3 {
			return got
		}
		for range i {
			got = append(got, text)
		}
	}
}

func closures() any {
	var list []func(int) int
	for i := range 5 {
		n := i
		list = append(list, func(add int) int {
			for ; add > 0; add-- {
				n += i
				runtime.Gosched()
			}
			return n
		})
	}
	sum := 0
	for round := range 3 {
		for _, f := range list {
			sum += f(round)
		}
	}
	return sum
}

func longSwitch() any {
	var got []string
	for i := 0; i < 40; i++ {
		switch i % 20 {
		case 0, 7:
			got = append(got, "a")
			fallthrough
		case 1:
			got = append(got, "b")
		case 2:
			runtime.Gosched()
			continue
		case 3:
			for range 3 {
				if runtime.Gosched(); i == 3 {
					break
				}
				got = append(got, "c")
			}
		case 4, 5, 6:
			got = append(got, fmt.Sprint(i))
		case 8:
			got = append(got, "d")
		case 9:
			i++
		case 10:
			got = append(got, "e")
		case 11:
			got = append(got, "f")
		case 12:
			got = append(got, "g")
		case 13:
			switch any(i).(type) {
			case string:
				got = append(got, "string")
			case int, int64:
				got = append(got, "int")
			}
		default:
			got = append(got, "-")
		}
	}
	return got
}

func gotos() any {
	var got []int
	i, rounds := 0, 0
again:
	for i < 20 {
		i++
		if i%3 == 0 {
			goto end
		}
		runtime.Gosched()
		for j := range i {
			if j == 4 {
				goto end
			}
			got = append(got, j)
		}
	end:
		got = append(got, -i)
		if i%7 == 0 && rounds < 3 {
			rounds++
			goto again
		}
	}
	if rounds++; rounds < 6 {
		i = 15
		goto again
	}
	return got
}

func labels() any {
	var got []string
rows:
	for row := range 6 {
	columns:
		for column := 0; ; column++ {
			switch {
			case column > 5:
				continue rows
			case row == column:
				runtime.Gosched()
				continue columns
			case row*column == 12:
				break columns
			case row+column == 9:
				break rows
			}
			got = append(got, fmt.Sprint(row, column))
		}
		got = append(got, "end")
	}
	return got
}

func middle() any {
	var got []int
	i := 0
	goto check
body:
	got = append(got, i)
	runtime.Gosched()
	i++
check:
	if i%5 != 4 {
		goto body
	}
	if i < 20 {
		i++
		goto check
	}
	return got
}

func maps() any {
	type key struct{ a, b any }
	m := map[key]fmt.Stringer{}
	for i := range 50 {
		k := key{i % 7, fmt.Sprint(i % 3)}
		if _, ok := m[k]; ok && i%5 == 0 {
			delete(m, k)
			continue
		}
		m[k] = number(i)
	}
	var all []string
	for k, v := range m {
		runtime.Gosched()
		all = append(all, fmt.Sprint(k, v))
	}
	slices.Sort(all)
	return all
}

type number int

func (n number) String() string {
	if n < 0 {
		return "-" + (-n).String()
	}
	text := ""
	for {
		text = string(rune('0'+n%10)) + text
		if n /= 10; n == 0 {
			return text
		}
	}
}
