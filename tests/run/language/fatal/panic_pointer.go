// An uncaught panic with a pointer, a slice before it, a function and a map in between.
package main

import "fmt"

func main() {
	defer func() {
		fmt.Println(recover() != nil)
		n := new(int)
		defer func() {
			fmt.Println(recover() == any(n))
			defer func() {
				fmt.Println(recover())
				panic(&struct{ n int }{5})
			}()
			panic(map[string]int{"k": 1})
		}()
		panic(n)
	}()
	panic([]int{1, 2, 3})
}
