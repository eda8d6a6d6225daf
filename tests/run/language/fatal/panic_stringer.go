// An uncaught panic with a Stringer that is no error: String gives the text only for
// types with that method set; a pointer method does not count for a value.
package main

import "fmt"

type place struct{ x, y int }

func (p place) String() string { return fmt.Sprintf("place(%d,%d)", p.x, p.y) }

type pointed struct{ n int }

func (p *pointed) String() string { return "pointed" }

func main() {
	defer func() {
		fmt.Println(recover())
		defer func() {
			fmt.Println(recover())
			panic(fmt.Stringer(place{3, 4}))
		}()
		panic(&pointed{1})
	}()
	panic(place{1, 2})
}
