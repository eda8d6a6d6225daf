// All ways out of the body of a range over a function: break and continue with labels of
// outer loops, goto, return of named and unnamed results, defer (which waits for the function
// around), panic and recover on both sides, nested iterators; and an iterator that goes on.
package main

import (
	"fmt"
	"iter"
)

func count(name string, n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer fmt.Println("  end of", name)
		for i := range n {
			if !yield(i) {
				fmt.Println("  stopped", name, "at", i)
				return
			}
		}
	}
}

func pairs(m ...string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for i, s := range m {
			if !yield(i, s) {
				return
			}
		}
	}
}

func labels() (out []string) {
outer:
	for i := range count("i", 4) {
	middle:
		for j, s := range pairs("a", "b", "c") {
			for k := range 3 {
				switch {
				case i == 1 && j == 1:
					continue outer
				case i == 2 && j == 1 && k == 1:
					break middle
				case i == 3:
					break outer
				case k == 1:
					continue middle
				}
				out = append(out, fmt.Sprint(i, s, k))
			}
		}
		out = append(out, fmt.Sprint("end ", i))
	}
	return
}

func results(stop int) (n int, err error) {
	defer func() { n *= 10 }()
	for i := range count("r", 5) {
		n = i
		for j := range count("s", 2) {
			if i == stop && j == 1 {
				return i + 100, fmt.Errorf("stopped at %d", i)
			}
			if i == stop+1 {
				n = 7
				return
			}
		}
	}
	return n, nil
}

func defers() (order []string) {
	defer func() { order = append(order, "function") }()
	for i := range count("d", 3) {
		defer func() { order = append(order, fmt.Sprint("body ", i)) }()
		for j := range count("e", 2) {
			defer func() { order = append(order, fmt.Sprint("inner ", i, j, recover())) }()
		}
	}
	order = append(order, "loops done")
	panic("from the function")
}

func jumps() (out []int) {
	n := 0
again:
	for i := range count("g", 3) {
		n++
		if n == 2 {
			goto again
		}
		if n == 6 {
			goto done
		}
		out = append(out, n*10+i)
	}
	if n < 5 {
		goto again
	}
done:
	return append(out, n)
}

func panics() (s string) {
	defer func() { s = fmt.Sprint("recovered ", recover()) }()
	for i := range count("p", 3) {
		func() {
			defer func() { fmt.Println("  inner recovered", recover()) }()
			if i == 0 {
				panic("first")
			}
		}()
		if i == 1 {
			panic(fmt.Sprint("second at ", i))
		}
	}
	return "not reached"
}

// careless goes on after the body said that it wants no more.
func careless(yield func(int) bool) {
	yield(1)
	yield(2)
}

// hides takes a panic of the body for its own.
func hides(yield func(int) bool) {
	defer func() { fmt.Println("  hidden:", recover()) }()
	yield(1)
}

var kept func(int) bool

func keeps(yield func(int) bool) { kept = yield; yield(0) }

func wrong(f func()) {
	defer func() { fmt.Println("error:", recover()) }()
	f()
}

func main() {
	fmt.Println(labels())
	fmt.Println(results(1))
	fmt.Println(results(-1))
	fmt.Println(results(9))
	fmt.Println(defers())
	fmt.Println(jumps())
	fmt.Println(panics())
	wrong(func() {
		for x := range careless {
			fmt.Println("  got", x)
			break
		}
	})
	wrong(func() {
		for range hides {
			panic("in the body")
		}
	})
	wrong(func() {
		for range keeps {
		}
		kept(1)
	})
	var none func(func() bool)
	wrong(func() {
		for range none {
		}
	})
	total := 0
	for range func(yield func() bool) {
		for yield() {
		}
	} {
		if total++; total == 4 {
			break
		}
	}
	fs := []func() int{}
	for i := range count("closures", 3) {
		i *= 2
		fs = append(fs, func() int { i++; return i })
	}
	fmt.Println(total, fs[0](), fs[0](), fs[2](), fs[1]())
}
