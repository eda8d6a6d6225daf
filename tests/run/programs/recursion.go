package main

import "fmt"

func deep(n int) int {
	if n == 0 {
		return 0
	}
	return deep(n-1) + 1
}
func main() { fmt.Println(deep(10_000_000)) }
