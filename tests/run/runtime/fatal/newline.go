// Newlines in the text of a panic are indented.
package main

type E struct{}

func (E) Error() string { return "two\nlines" }

func main() { panic(E{}) }
