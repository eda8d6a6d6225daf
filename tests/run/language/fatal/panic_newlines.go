// Text of a panic with line ends, tabs, quotes, bytes that are no UTF-8.
package main

import "fmt"

type lines string

func main() {
	func() {
		defer func() { fmt.Printf("%q\n", recover()) }()
		panic("one\ntwo\n\tthree")
	}()
	func() {
		defer func() { fmt.Printf("%q\n", recover()) }()
		panic(lines("é\xff\x00\"q\""))
	}()
	panic("first line\nsecond line\tafter a tab, é, \"quoted\", \\ and \x7f")
}
