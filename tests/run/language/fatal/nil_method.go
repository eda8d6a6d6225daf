// Calling a value method through a nil pointer, and a method of a nil interface.
package main

import "fmt"

type list struct {
	value int
	next  *list
}

func (l *list) sum() int {
	if l == nil {
		return 0
	}
	return l.value + l.next.sum()
}
func (l list) head() int { return l.value }

type header interface{ head() int }

//go:noinline
func headOf(h header) int { return h.head() }

func main() {
	l := &list{1, &list{2, nil}}
	fmt.Println(l.sum(), l.head(), l.next.next.sum())
	func() {
		defer func() { fmt.Println(recover()) }()
		var h header
		fmt.Println(h.head())
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		fmt.Println(headOf(l.next.next))
	}()
	fmt.Println(l.next.next.head())
}
