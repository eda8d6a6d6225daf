// A deferred call recovers and panics with the same value.
package main

func main() {
	defer func() { panic(recover()) }()
	panic("same")
}
