// An uncaught panic with an error: its Error method gives the text, also if the type has a
// String method too and the receiver is a pointer.
package main

import "fmt"

type failure struct {
	code int
	text string
}

func (f *failure) Error() string  { return fmt.Sprintf("failure %d: %s", f.code, f.text) }
func (f *failure) String() string { return "not this one" }

func work(n int) (err error) {
	if n == 0 {
		return &failure{7, "second line\nfollows"}
	}
	return work(n - 1)
}

func main() {
	fmt.Println(work(2))
	if err := work(3); err != nil {
		panic(err)
	}
}
