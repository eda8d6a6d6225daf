// The String method of a panic's value runs once all deferred calls have run, and its
// own output comes before the panic's line.
package main

import "fmt"

type talker struct{ calls *int }

func (t talker) String() string {
	*t.calls++
	fmt.Println("String called, time", *t.calls)
	return fmt.Sprint("talker after ", *t.calls)
}

func main() {
	n := 0
	defer func() {
		fmt.Println("deferred, String calls so far:", n)
	}()
	panic(talker{&n})
}
