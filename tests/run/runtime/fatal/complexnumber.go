// A panic with a complex number.
package main

func main() { panic(1 + 2i) }
