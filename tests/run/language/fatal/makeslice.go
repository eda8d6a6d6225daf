// An uncaught make with a length out of range; channels too.
package main

import "fmt"

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func main() {
	n := -1
	try(func() { _ = make(chan int, n) })
	try(func() { _ = make(chan [1 << 15]byte, 1<<50) })
	try(func() { _ = make([]int, 0, n) })
	try(func() { _ = append([]byte(nil), make([]byte, n)...) })
	fmt.Println(len(make([]int, n+1)))
	fmt.Println(len(make([]int, n)))
}
