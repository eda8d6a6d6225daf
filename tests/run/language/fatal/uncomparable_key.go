// An uncaught panic for a map key of interface type whose value cannot be hashed.
package main

import "fmt"

type key struct {
	name string
	tags []string
}

func main() {
	seen := map[any]bool{"a": true, 1: true}
	fmt.Println(seen["a"], seen[1], seen[key2{"k"}])
	seen[key2{"k"}] = true
	fmt.Println(len(seen))
	seen[key{"k", nil}] = true
}

type key2 struct{ name string }
