// Indexing out of range: arrays, pointers to arrays, slices; the texts for every case.
package main

import (
	"fmt"
	"runtime"
)

func try(f func()) {
	defer func() {
		r := recover()
		_, isRuntime := r.(runtime.Error)
		fmt.Println(r, isRuntime)
	}()
	f()
}

type grid [4][4]int

func main() {
	a := [4]int{0, 1, 2, 3}
	p := &a
	s := a[:2]
	var np *[4]int
	four, neg := 4, -1
	var u8 uint8 = 200
	var u64 uint64 = 1<<64 - 1
	var i8 int8 = -128
	try(func() { a[four] = 1 })
	try(func() { fmt.Println(a[neg]) })
	try(func() { p[four]++ })
	try(func() { fmt.Println(s[2+four-4]) })
	try(func() { s[u8] = 1 })
	try(func() { s[u64] = 1 })
	try(func() { s[i8] = 1 })
	try(func() { fmt.Println(np[1]) })
	try(func() { fmt.Println(len(np), len(np[:0:0])) })
	try(func() {
		for i := range np {
			fmt.Print(i, " ")
		}
		for range np {
			fmt.Print(". ")
		}
	})
	try(func() {
		for i, v := range np {
			fmt.Print(i, v)
		}
	})
	try(func() { fmt.Println(s[:five(four)]) })
	try(func() { fmt.Println(s[3:four-1], s[2:2]) })
	try(func() { fmt.Println(s[four-1:]) })
	try(func() { fmt.Println(s[neg:]) })
	try(func() { fmt.Println(s[:neg]) })
	try(func() { fmt.Println(s[2 : four-3]) })
	try(func() { fmt.Println(s[0:1:five(four)]) })
	try(func() { fmt.Println(s[0:four:3]) })
	try(func() { fmt.Println(s[four:3:4]) })
	try(func() { fmt.Println(s[0:1:neg]) })
	try(func() { fmt.Println(a[four-1 : four-2]) })
	try(func() { fmt.Println(a[:u8]) })
	try(func() { fmt.Println(p[u64:]) })
	try(func() { fmt.Println(a[0:2:u8]) })
	var g grid
	try(func() { g[1][four] = 1 })
	try(func() { g[four][1] = 1 })
	var empty []int
	try(func() { fmt.Println(empty[0]) })
	try(func() { empty[len(empty)-1] = 0 })
	try(func() { fmt.Println(a[1:][four-1]) })
}

func five(x int) int { return x + 1 }
