// Panics during panics: aborted ones, recovered inside deferred calls, order of everything.
package main

import (
	"errors"
	"fmt"
	"strings"
)

var log []string

func say(a ...any) { log = append(log, fmt.Sprint(a...)) }

func run(name string, f func()) {
	log = nil
	func() {
		defer func() { say("top:", recover()) }()
		f()
		say("normal")
	}()
	fmt.Println(name+":", strings.Join(log, ", "))
}

func recovers(what string) { say(what, " recovered:", recover()) }

func main() {
	run("replace", func() {
		defer func() { panic("b") }()
		panic("a")
	})
	run("replace and recover", func() {
		defer recovers("outer")
		defer func() { panic("b") }()
		panic("a")
	})
	run("inner recovered, outer goes on", func() {
		defer func() {
			defer recovers("inner")
			panic("b")
		}()
		panic("a")
	})
	run("three levels", func() {
		defer func() {
			defer func() {
				defer func() { panic("d") }()
				panic("c")
			}()
			panic("b")
		}()
		panic("a")
	})
	run("recover then panic with the same", func() {
		defer func() { panic(recover()) }()
		panic("a")
	})
	run("recovered in a callee's deferred call", func() {
		defer func() {
			func() {
				defer recovers("callee")
				panic("b")
			}()
			say("after callee")
		}()
		panic("a")
	})
	run("frames between", func() {
		defer say("1")
		func() {
			defer say("2")
			func() {
				defer say("3")
				defer func() { defer say("4"); panic("b") }()
				panic("a")
			}()
			say("never")
		}()
		say("never")
	})
	run("recovered half way", func() {
		func() {
			defer recovers("half")
			func() {
				defer func() { panic(errors.New("b")) }()
				panic("a")
			}()
		}()
		say("goes on")
		panic("c")
	})
	run("loop of panics", func() {
		for i := range 4 {
			func() {
				defer recovers(fmt.Sprint(i))
				if i%2 == 0 {
					panic(i)
				}
			}()
		}
	})
	run("deferred calls of a recovered frame", func() {
		defer say("last")
		defer recovers("now")
		defer say("first")
		panic("a")
	})
	run("deep", func() {
		var f func(int)
		f = func(n int) {
			defer func() {
				if r := recover(); r != nil && n%3 != 0 {
					panic(fmt.Sprint(r, n))
				}
			}()
			if n == 7 {
				panic("x")
			}
			f(n + 1)
			say("returned at ", n)
		}
		f(1)
	})
}
