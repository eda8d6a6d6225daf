// Two goroutines that write to one map are found out.
package main

import (
	"fmt"
	"runtime"
)

func main() {
	runtime.GOMAXPROCS(4)
	m := map[int]int{}
	for i := range 10 {
		m[i] = i
	}
	go func() {
		for {
			for i := range 1000 {
				m[i] = i
			}
		}
	}()
	for {
		for i := range 1000 {
			delete(m, i)
		}
		fmt.Print()
	}
}
