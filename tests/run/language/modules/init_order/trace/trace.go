// Package trace tells of what happens.
package trace

import "fmt"

// Count is the number of things told.
var Count int

// Say tells of one thing.
func Say(what string, n int) int {
	Count++
	fmt.Println(Count, what, n)
	return n + 1
}

func init() { Say("trace init", 100) }
