// The smallest program that uses fmt: how long is it from a source file to its output?
package main

import "fmt"

func main() { fmt.Println("hello, world") }
