// A panic with a nil pointer that is an error: its method handles nil, or does not.
package main

import "fmt"

type careful struct{ s string }

func (c *careful) Error() string {
	if c == nil {
		return "nil careful"
	}
	return c.s
}

type careless struct{ s string }

func (c *careless) Error() string { return c.s }

func main() {
	func() {
		defer func() { fmt.Println(recover()) }()
		panic((*careful)(nil))
	}()
	fmt.Println((*careless)(nil) == nil, error((*careless)(nil)) == nil)
	panic((*careless)(nil))
}
