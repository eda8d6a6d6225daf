// Claim: only executed defer statements count: one branch of an if, every turn of a loop,
// nothing after a return; a panic runs those already registered.
package main

import "fmt"

func branches(condition bool) {
	if condition {
		defer fmt.Println("A")
	} else {
		defer fmt.Println("B")
	}
	fmt.Println("condition", condition)
}

func loop() {
	for i := 0; i < 3; i++ {
		defer fmt.Println("argument", i)
	}
	for i := 0; i < 3; i++ {
		defer func() { fmt.Println("captured", i) }()
	}
	for i := 0; i < 3; i++ {
		defer func(i int) { fmt.Println("passed", i) }(i)
	}
	for i := range 5 {
		if i == 1 {
			continue
		}
		if i == 3 {
			break
		}
		defer fmt.Println("continue and break", i)
	}
}

func afterReturn(early bool) {
	defer fmt.Println("before the return")
	if early {
		return
	}
	defer fmt.Println("after the return")
}

func withPanic() {
	defer fmt.Println("cleaning up")
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("caught:", r)
		}
	}()
	panic("an error")
	//lint:ignore unreachable on purpose
	defer fmt.Println("never registered")
}

func jumping() {
	n := 0
again:
	defer fmt.Println("turn", n)
	if n++; n < 3 {
		goto again
	}
}

func switching(v any) {
	switch v := v.(type) {
	case int:
		defer fmt.Println("int", v+1)
	case string:
		defer fmt.Println("string", v+"!")
	default:
		defer fmt.Println("other", v)
	}
}

func main() {
	branches(true)
	branches(false)
	loop()
	afterReturn(true)
	afterReturn(false)
	withPanic()
	jumping()
	switching(1)
	switching("s")
	switching(nil)
}
