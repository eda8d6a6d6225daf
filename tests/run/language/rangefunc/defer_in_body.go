// defer inside the body of a range over a function belongs to the enclosing function; so do
// recover and named results; panics pass through the iterator.
package main

import (
	"fmt"
	"iter"
)

func seq(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer fmt.Println("iterator's deferred call")
		for i := range n {
			if !yield(i) {
				return
			}
		}
		fmt.Println("iterator done")
	}
}

func deferred() (s string) {
	defer fmt.Println("first deferred")
	for i := range seq(3) {
		defer func() { s += fmt.Sprint(i); fmt.Println("deferred in body", i, s) }()
	}
	fmt.Println("after the loop")
	return "r"
}

func returning() (s string) {
	for i := range seq(5) {
		defer func() { s += fmt.Sprint("-", i) }()
		for j := range seq(2) {
			defer fmt.Println("inner", i, j)
			if i == 1 {
				return "returned"
			}
		}
	}
	return "not reached"
}

func panicking() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered %v", r)
		}
	}()
	for i := range seq(3) {
		if i == 1 {
			panic(fmt.Sprint("in body ", i))
		}
	}
	return nil
}

func inBody() (n int) {
	for i := range seq(2) {
		func() {
			defer func() { fmt.Println("closure recovers", recover()) }()
			if i == 0 {
				panic("inside a closure")
			}
		}()
		n++
	}
	return n
}

func failing(yield func(int) bool) {
	yield(1)
	panic("iterator fails")
}

func iteratorPanics() (n int, r any) {
	defer func() { r = recover() }()
	for v := range failing {
		defer func() { n += 100 }()
		n += v
	}
	return -1, nil
}

func swallowing(yield func(int) bool) {
	defer func() { fmt.Println("iterator recovers", recover()) }()
	yield(1)
}

func main() {
	fmt.Println(deferred())
	fmt.Println(returning())
	fmt.Println(panicking())
	fmt.Println(inBody())
	fmt.Println(iteratorPanics())
	defer func() { fmt.Println("main recovers:", recover()) }()
	for v := range swallowing {
		panic(fmt.Sprint("body ", v))
	}
}
