// A panic with a value of a named string type.
package main

type S string

func main() { panic(S("x\ny")) }
