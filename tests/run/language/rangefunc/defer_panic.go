// Iterators whose bodies defer, panic, recover, return, jump and nest.
package main

import (
	"errors"
	"fmt"
	"iter"
	"runtime"
)

func count(n int, log string) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer fmt.Println(log, "iterator ends")
		for i := range n {
			if !yield(i) {
				fmt.Println(log, "stopped at", i)
				return
			}
		}
		fmt.Println(log, "exhausted")
	}
}

func pairs[K comparable, V any](keys []K, values []V) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for i, k := range keys {
			if !yield(k, values[i]) {
				return
			}
		}
	}
}

func deferInBody() (result []string) {
	defer func() { result = append(result, "outer") }()
	for i := range count(3, "defer:") {
		defer func() { result = append(result, fmt.Sprint("body ", i)) }()
	}
	result = append(result, "after the loop")
	return result
}

func panicInBody() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
		}
	}()
	for i := range count(5, "panic:") {
		defer fmt.Println("deferred in the body", i)
		if i == 2 {
			panic(fmt.Sprint("at ", i))
		}
	}
	return nil
}

func recoverInBody() {
	for i := range count(2, "recover:") {
		func() {
			defer func() { fmt.Println("recovered in the body:", recover()) }()
			panic(i)
		}()
	}
}

// recovering swallows the panic of the body and goes on as if nothing had happened.
func recovering(yield func(int) bool) {
	for i := range 3 {
		func() {
			defer func() { fmt.Println("iterator recovers:", recover()) }()
			yield(i)
		}()
	}
}

func bodyPanicIsSwallowed() {
	defer func() {
		r := recover()
		err, ok := r.(runtime.Error)
		fmt.Println("at the end:", r, ok)
		_ = err
	}()
	for i := range recovering {
		if i == 1 {
			panic("from the body")
		}
	}
	fmt.Println("not reached")
}

func nestedReturns() (a, b int) {
	for i := range count(3, "outer:") {
		for j := range count(3, "inner:") {
			if i == 1 && j == 1 {
				return i * 10, j
			}
		}
	}
	return -1, -1
}

func labels() {
outer:
	for i := range count(4, "labels:") {
		for j := range pairs([]string{"a", "b", "c"}, []int{1, 2, 3}) {
			switch {
			case i == 0 && j == "b":
				continue outer
			case i == 2:
				break outer
			}
			fmt.Println(i, j)
		}
	}
}

func gotos() {
	n := 0
again:
	for i := range count(2, "goto:") {
		n++
		if n < 3 {
			goto again
		}
		fmt.Println("goto", i, n)
	}
}

func goexitInBody() {
	done := make(chan bool)
	go func() {
		defer close(done)
		defer fmt.Println("goexit: deferred outside", recover())
		for range count(3, "goexit:") {
			defer fmt.Println("goexit: deferred inside")
			runtime.Goexit()
		}
	}()
	<-done
}

func keptYield() {
	var kept func(int) bool
	for i := range func(yield func(int) bool) { kept = yield; yield(7) } {
		fmt.Println("kept", i)
	}
	defer func() { fmt.Println("late yield:", recover()) }()
	kept(8)
}

func twice() {
	defer func() { fmt.Println("yield after false:", recover()) }()
	for range func(yield func() bool) { yield(); yield() } {
		break
	}
}

type named func(yield func(int, error) bool)

func (n named) each() (sum int, err error) {
	for v, e := range n {
		if e != nil {
			return sum, errors.Join(err, e)
		}
		sum += v
	}
	return
}

func main() {
	fmt.Println(deferInBody())
	fmt.Println(panicInBody())
	recoverInBody()
	bodyPanicIsSwallowed()
	fmt.Println(nestedReturns())
	labels()
	gotos()
	goexitInBody()
	keptYield()
	twice()
	fmt.Println(named(func(yield func(int, error) bool) {
		_ = yield(1, nil) && yield(2, nil) && yield(3, errors.New("three")) && yield(4, nil)
	}).each())

	next, stop := iter.Pull2(pairs([]string{"x", "y"}, []float64{1.5, 2.5}))
	fmt.Println(next())
	stop()
	fmt.Println(next())
	stop()

	next1, stop1 := iter.Pull(func(yield func(int) bool) {
		defer fmt.Println("pulled iterator ends")
		yield(1)
		panic("in the pulled iterator")
	})
	fmt.Println(next1())
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		next1()
	}()
	fmt.Println(next1())
	stop1()
}
