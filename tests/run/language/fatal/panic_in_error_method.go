// The Error method of an uncaught panic's value panics itself.
package main

import "fmt"

type hopeless struct{ depth int }

func (h hopeless) Error() string {
	if h.depth > 0 {
		panic(fmt.Sprint("no text at depth ", h.depth))
	}
	return "fine"
}

func main() {
	func() {
		defer func() {
			h := recover().(hopeless)
			fmt.Println(h.depth)
			defer func() { fmt.Println("from Error:", recover()) }()
			fmt.Println(h.Error())
		}()
		panic(hopeless{1})
	}()
	fmt.Println(hopeless{2})
	panic(hopeless{3})
}
