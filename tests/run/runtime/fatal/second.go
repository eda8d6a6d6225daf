// A deferred call panics.
package main

func main() {
	defer func() { panic("second") }()
	panic("first")
}
