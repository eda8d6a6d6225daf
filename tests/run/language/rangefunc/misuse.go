// Iterators that break the rules: yield after false, after the loop, after a panic, kept.
package main

import "fmt"

func try(name string, f func()) {
	defer func() { fmt.Println(name+":", recover()) }()
	f()
	fmt.Print("(no panic) ")
}

func insists(yield func(int) bool) {
	for i := range 3 {
		yield(i)
	}
}

var kept func(int) bool

func keeps(yield func(int) bool) {
	kept = yield
	yield(1)
}

func recovers(yield func(int) bool) {
	func() {
		defer func() { fmt.Print("iterator saw ", recover(), "; ") }()
		yield(1)
	}()
	yield(2)
}

func concurrent(yield func(int) bool) {
	done := make(chan bool)
	go func() {
		defer close(done)
		yield(7)
	}()
	<-done
}

func main() {
	try("goes on after break", func() {
		for i := range insists {
			if i == 1 {
				break
			}
		}
	})
	try("goes on after return", func() {
		func() int {
			for i := range insists {
				return i
			}
			return -1
		}()
	})
	try("continue is no end", func() {
		for range insists {
			continue
		}
	})
	try("kept and called later", func() {
		for range keeps {
		}
		fmt.Print("after; ")
		kept(2)
	})
	try("outer break while inner goes on", func() {
	outer:
		for range insists {
			for range insists {
				break outer
			}
		}
	})
	try("goes on after a panic of the body", func() {
		for i := range recovers {
			panic(fmt.Sprint("body ", i))
		}
	})
	try("from another goroutine", func() {
		for v := range concurrent {
			fmt.Print(v, " ")
		}
	})
	try("nil function", func() {
		var f func(func(int) bool)
		for range f {
		}
	})
	try("yield inside yield", func() {
		for i := range keeps {
			if i < 3 {
				kept(i + 1)
			}
		}
	})
}
