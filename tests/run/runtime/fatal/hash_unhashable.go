// A map key whose dynamic type has no hash.
package main

func main() {
	m := map[any]int{}
	m[[2]any{1, []int{2}}] = 3
}
