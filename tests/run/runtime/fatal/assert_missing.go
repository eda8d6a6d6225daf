// A type assertion to an interface whose method is missing.
package main

import (
	"fmt"
	"io"
)

type T struct{}

func (*T) Write(b []byte) (int, error) { return len(b), nil }

func main() {
	var x any = T{}
	fmt.Println(x.(io.Writer))
}
