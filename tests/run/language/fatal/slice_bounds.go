// An uncaught slice bounds failure inside a range over a function.
package main

import (
	"fmt"
	"iter"
)

func windows(s string, n int) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := 0; i < len(s); i += n {
			if !yield(s[i : i+n]) {
				return
			}
		}
	}
}

func main() {
	for w := range windows("abcdef", 3) {
		fmt.Println(w)
	}
	defer fmt.Println("deferred")
	for w := range windows("abcde", 2) {
		defer fmt.Println("seen", w)
		fmt.Println(w)
	}
}
