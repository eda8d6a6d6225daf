// Defer statements in loops: their records lie on a stack of the goroutine's own, in chunks,
// below which nothing may be lost and above which nothing may be kept.
package main

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
)

type node struct {
	n    int
	next *node
}

// collect keeps what deferred calls get only in their records while the collector runs.
func collect() (sum int) {
	add := func(n *node, s string, by [3]int) { sum += n.n + n.next.n + len(s) + by[2] }
	for i := range 500 {
		defer add(&node{i, &node{n: 1}}, strings.Repeat("x", i%7), [3]int{0, 0, 1})
		if i%100 == 0 {
			runtime.GC()
		}
	}
	runtime.GC()
	for range 200 {
		_ = make([]byte, 10_000)
	}
	return 0
}

// order says in which order calls of mixed kinds run.
func order(n int) (out []int) {
	defer func() { out = append(out, -1) }()
	for i := range n {
		defer func() { out = append(out, i) }()
		if i == 1 {
			defer func(j int) { out = append(out, j) }(100)
		}
		for range 2 {
			f := func() { out = append(out, 1000+i) }
			defer f()
		}
	}
	defer func() { out = append(out, -2) }()
	return nil
}

// deep has frames with records below frames with records, of all sizes, so that chunks end
// in all places.
func deep(level, n int, log *int) {
	for i := range n {
		defer func(a, b, c int) { *log = *log*31 + a + b + c }(level, i, n)
	}
	if level > 0 {
		deep(level-1, n*5/3+1, log)
	}
	for i := range 3 {
		defer func() { *log = *log*17 + i }()
	}
}

// edge calls a function with records again and again at every place of a chunk.
func edge(n int) (sum int) {
	for i := range n {
		defer func() { sum += i }()
		inner(i%5, &sum)
	}
	return sum
}

//go:noinline
func inner(n int, sum *int) {
	for i := range n {
		defer func() { *sum ^= i << 3 }()
	}
}

// thrown panics in a deferred call of a loop, below frames that have records of their own.
func thrown(level, n int, at int) {
	for i := range n {
		defer func() {
			if level == 0 && i == at {
				panic(fmt.Sprint("at ", i))
			}
			inner(3, &calls)
		}()
	}
	if level > 0 {
		thrown(level-1, n, at)
	}
}

var calls int

func caught(f func()) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case error:
			err = r
		default:
			err = errors.New(fmt.Sprint(r))
		}
	}()
	f()
	return nil
}

// again recovers in loops, in the frame whose records come from a loop as well.
func again(n int) (out []string) {
	for i := range n {
		defer func() {
			if r := recover(); r != nil {
				out = append(out, fmt.Sprint(i, " got ", r))
			}
			if i%2 == 1 {
				panic(i)
			}
		}()
	}
	panic("first")
}

// nested panics while a panic runs the records of a loop.
func nested() (out string) {
	defer func() { out = fmt.Sprint(out, " then ", recover()) }()
	for i := range 3 {
		defer func() {
			for j := range 2 {
				defer func() {
					out += fmt.Sprint(" ", i, j)
					if i == 1 && j == 1 {
						panic("inner")
					}
				}()
			}
		}()
	}
	panic("outer")
}

func exits(n int) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for g := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range g * 3 {
				defer func() {
					mu.Lock()
					defer mu.Unlock()
					total += i
				}()
				if i == 100 {
					runtime.Goexit()
				}
			}
		}()
	}
	wg.Wait()
	fmt.Println("exits", total)
}

// iterate is ranged over; its own records are pending while the body defers.
func iterate(yield func(int) bool) {
	for i := range 4 {
		defer fmt.Print(" own", i)
		if !yield(i) {
			return
		}
	}
}

func ranged() {
	for i := range 2 {
		defer fmt.Print(" before", i)
	}
	for i := range iterate {
		defer fmt.Print(" body", i)
		for j := range 2 {
			defer fmt.Print(" loop", i, j)
		}
		if i == 2 {
			break
		}
	}
	for i := range 2 {
		defer fmt.Print(" after", i)
	}
	fmt.Print("end")
}

// labels: a jump backwards is a loop, too.
func labels() (s string) {
	i := 0
again:
	defer func(n int) { s += fmt.Sprint(n) }(i)
	if i++; i < 5 {
		goto again
	}
	return "labels "
}

// nilCall panics when it is called, not where it is deferred.
func nilCall() {
	var f func()
	for i := range 3 {
		if i == 1 {
			defer f()
		} else {
			defer func() { fmt.Println("around nil", i) }()
		}
	}
}

type big struct{ words [40]int }

func (b big) sum(to *int, name string) {
	for _, w := range b.words {
		*to += w
	}
	*to += len(name)
}

type summer interface{ sum(*int, string) }

// operands of all classes are evaluated at the statement.
func operands() (total int) {
	var b big
	var s summer
	for i := range 30 {
		b.words[i] = i
		s = b
		defer b.sum(&total, "direct")
		defer s.sum(&total, "by interface")
		f := b.sum
		defer f(&total, "value")
		defer delete(map[int]int{1: 1}, 1)
		defer copy(b.words[:], b.words[1:])
		b.words[i] += 1000
	}
	return 1
}

func main() {
	fmt.Println("collect", collect())
	fmt.Println(order(3))
	log := 0
	deep(12, 1, &log)
	fmt.Println("deep", log)
	fmt.Println("edge", edge(400))
	for _, at := range []int{0, 7, 19} {
		fmt.Println(caught(func() { thrown(3, 20, at) }), calls)
	}
	fmt.Println(again(6))
	fmt.Println(caught(func() { again(8) }))
	fmt.Println(nested())
	exits(60)
	ranged()
	fmt.Println()
	fmt.Println(labels())
	fmt.Println(caught(nilCall))
	fmt.Println("operands", operands())
	// Frames that are cut off leave nothing behind.
	for range 20_000 {
		caught(func() { thrown(0, 5, 2) })
	}
	million := 0
	func() {
		for i := range 1_000_000 {
			defer func() { million += i & 1 }()
		}
	}()
	fmt.Println(million, calls)
}
