// An uncaught failed type assertion to an interface that lacks a method.
package main

import "fmt"

type reader interface{ Read() string }
type writer interface {
	Write(string)
	Flush() error
}
type file struct{ text string }

func (f *file) Read() string   { return f.text }
func (f *file) Write(s string) { f.text = s }

func main() {
	var r reader = &file{"contents"}
	fmt.Println(r.(reader).Read(), r.(*file).text)
	_, ok := r.(writer)
	fmt.Println(ok)
	r.(writer).Write("x")
}
