// An uncaught shift by a negative count.
package main

import "fmt"

//go:noinline
func mask(bits int) uint64 { return 1<<bits - 1 }

func main() {
	for i := 3; ; i-- {
		fmt.Println(i, mask(i))
	}
}
