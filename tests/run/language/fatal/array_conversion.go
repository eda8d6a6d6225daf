// An uncaught conversion of a slice to a longer array.
package main

import "fmt"

type id [4]byte

func parse(b []byte) id { return id(b) }

func main() {
	fmt.Println(parse([]byte("abcd")), parse([]byte("abcdef")))
	fmt.Println(parse([]byte("abc")))
}
