// iter.Pull: values on demand, stop early, late and twice, panics that cross over in both
// directions, Goexit, nested pulls, and a merge of two sequences.
package main

import (
	"fmt"
	"iter"
	"slices"
	"strings"
)

func letters(s string) iter.Seq2[int, rune] {
	return func(yield func(int, rune) bool) {
		defer fmt.Println("  letters end")
		for i, r := range s {
			if !yield(i, r) {
				return
			}
		}
	}
}

func merge(a, b iter.Seq[int]) iter.Seq[int] {
	return func(yield func(int) bool) {
		nextA, stopA := iter.Pull(a)
		defer stopA()
		nextB, stopB := iter.Pull(b)
		defer stopB()
		x, okX := nextA()
		y, okY := nextB()
		for okX || okY {
			if okX && (!okY || x <= y) {
				if !yield(x) {
					return
				}
				x, okX = nextA()
			} else {
				if !yield(y) {
					return
				}
				y, okY = nextB()
			}
		}
	}
}

func primes() iter.Seq[int] {
	return func(yield func(int) bool) {
		var sieve func(next func() (int, bool))
		sieve = func(next func() (int, bool)) {
			p, _ := next()
			if !yield(p) {
				return
			}
			rest := func(yield func(int) bool) {
				for {
					n, ok := next()
					if !ok || n%p != 0 && !yield(n) {
						return
					}
				}
			}
			n, stop := iter.Pull(rest)
			defer stop()
			sieve(n)
		}
		from2, stop := iter.Pull(func(yield func(int) bool) {
			for i := 2; yield(i); i++ {
			}
		})
		defer stop()
		sieve(from2)
	}
}

func attempt(f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("  recovered", r)
		}
	}()
	f()
}

func main() {
	next, stop := iter.Pull2(letters("aé世"))
	for {
		i, r, ok := next()
		fmt.Println(i, string(r), ok)
		if !ok {
			break
		}
	}
	fmt.Println(next())
	stop()
	next, stop = iter.Pull2(letters("xyz"))
	fmt.Println(next())
	stop()
	stop()
	fmt.Println(next())
	_, stop = iter.Pull2(letters("never begun"))
	stop()
	fmt.Println(slices.Collect(merge(slices.Values([]int{1, 4, 6, 9}), slices.Values([]int{2, 3, 7}))))
	var few []string
	for p := range primes() {
		few = append(few, fmt.Sprint(p))
		if len(few) == 12 {
			break
		}
	}
	fmt.Println(strings.Join(few, " "))
	attempt(func() {
		n, stop := iter.Pull(func(yield func(int) bool) {
			yield(1)
			panic("in the sequence")
		})
		defer stop()
		fmt.Println(n())
		attempt(func() { fmt.Println(n()) })
		fmt.Println(n())
	})
	attempt(func() {
		n, stop := iter.Pull(func(yield func(int) bool) {
			defer func() { panic(fmt.Sprint("at the end, after ", recover())) }()
			yield(1)
		})
		fmt.Println(n())
		stop()
	})
	attempt(func() {
		var n func() (int, bool)
		n, stop := iter.Pull(func(yield func(int) bool) {
			attempt(func() { n() })
			yield(5)
		})
		fmt.Println(n())
		stop()
	})
}
