// An uncaught index failure with a negative index, in a deferred call after a return.
package main

import "fmt"

func last(s []string) (r string) {
	i := len(s)
	defer func() { r += s[i-1] }()
	r = "last: "
	return r
}

func main() {
	fmt.Println(last([]string{"a", "b"}))
	fmt.Println(last(nil))
}
