// An unrecovered panic with a string.
package main

func main() { panic("text") }
