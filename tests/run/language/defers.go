package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
)

func loop(n int) {
	for i := 0; i < n; i++ {
		defer fmt.Print(i, " ")
	}
	fmt.Print("end ")
}

func named() (x int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("wrapped: %v", r)
			x *= 2
		}
	}()
	x = 21
	panic("boom")
}

func conditional(a, b bool) (s string) {
	if a {
		defer func() { s += "a" }()
	}
	if b {
		defer func() { s += "b" }()
	}
	return "r"
}

func arguments() {
	x := 1
	defer fmt.Println("argument", x)
	x = 2
	defer func(y int) { fmt.Println("closure", x, y) }(x)
	x = 3
}

func repanic() {
	defer func() { fmt.Println("outer", recover()) }()
	defer func() {
		defer func() { fmt.Println("inner", recover()) }()
		panic("second")
	}()
	panic("first")
}

func notDirect() (r any) {
	defer func() { r = recover() }()
	defer func() {
		func() { fmt.Println("helper", recover()) }()
	}()
	panic("x")
}

type closer struct{ name string }

func (c *closer) Close() { fmt.Print("close ", c.name, " ") }

func methods() {
	a, b := &closer{"a"}, &closer{"b"}
	defer a.Close()
	defer b.Close()
	a = nil
}

func deep(n int) {
	defer func() {
		if n%10 == 0 {
			fmt.Print(n, " ")
		}
	}()
	if n == 0 {
		panic(errors.New("bottom"))
	}
	deep(n - 1)
}

func goexit() {
	done := make(chan bool)
	go func() {
		defer close(done)
		defer func() { fmt.Println("goexit", recover()) }()
		runtime.Goexit()
	}()
	<-done
}

func rangeFunc() {
	seq := func(yield func(int) bool) {
		defer fmt.Print("seq ends ")
		for i := range 5 {
			if !yield(i) {
				return
			}
		}
	}
	for i := range seq {
		defer fmt.Print("late", i, " ")
		if i == 2 {
			return
		}
	}
}

func many() (n int) {
	for range 100000 {
		defer func() { n++ }()
	}
	return 0
}

func main() {
	loop(4)
	fmt.Println()
	fmt.Println(named())
	fmt.Println(conditional(true, true), conditional(false, true), conditional(false, false))
	arguments()
	repanic()
	fmt.Println(notDirect())
	methods()
	fmt.Println()
	func() {
		defer func() { fmt.Println(recover()) }()
		deep(30)
	}()
	goexit()
	rangeFunc()
	fmt.Println()
	fmt.Println(many())
	func() {
		defer func() {
			r := recover()
			_, ok := r.(runtime.Error)
			fmt.Println(r, ok)
		}()
		var s []int
		i := 5
		fmt.Println(s[i])
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		panic(nil)
	}()
	defer os.Exit(3)
	defer func() { panic("not seen, exits before") }()
	defer func() { recover() }()
	panic("last")
}
