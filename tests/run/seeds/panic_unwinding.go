// Claim: a panic runs the deferred calls last in, first out, up to the one that recovers;
// after that the function returns normally and the earlier ones run too.
package main

import "fmt"

func f() (result string) {
	defer fmt.Println("d1")
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("recovered:", r)
			result = fmt.Sprint("from ", r)
		}
	}()
	defer fmt.Println("d3")
	inner()
	return "not reached"
}

func inner() {
	defer fmt.Println("inner d1")
	defer func() {
		defer fmt.Println("deferred by a deferred call")
		fmt.Println("inner d2")
	}()
	panic("boom")
}

func replaced() {
	defer func() { fmt.Println("the last one counts:", recover()) }()
	defer func() { panic("second") }()
	panic("first")
}

func nested() {
	defer func() { fmt.Println("outer:", recover()) }()
	defer func() {
		defer func() { fmt.Println("inner:", recover()) }()
		panic("in a deferred call")
	}()
	panic("in the body")
}

func again() {
	defer func() { fmt.Println("again:", recover()) }()
	defer func() {
		r := recover()
		panic(fmt.Sprint(r, " and more"))
	}()
	panic("once")
}

func main() {
	fmt.Println(f())
	replaced()
	nested()
	again()
	fmt.Println("end")
}
