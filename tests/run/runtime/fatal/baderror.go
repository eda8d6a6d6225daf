// An Error method that panics while the program ends.
package main

type E struct{}

func (E) Error() string { panic("bad") }

func main() { panic(E{}) }
