// A method of a nil interface.
package main

import "fmt"

func main() {
	var s fmt.Stringer
	fmt.Println("before")
	fmt.Println(s.String())
}
