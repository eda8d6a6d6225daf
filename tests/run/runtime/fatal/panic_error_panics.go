// An Error method that panics while the report is printed.
package main

type bad struct{}

func (bad) Error() string { panic("no text") }

func main() { panic(bad{}) }
