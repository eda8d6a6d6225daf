//test:nobuild

// Built-in functions with arguments that they cannot have.
package main

type maps interface{ map[int]int | map[string]int }
type mixed interface{ []byte | [10]byte }

func keys[M maps](m M) { delete(m, 1) }
func made[M mixed]()   { _ = make(M, 1) }

func main() {
	var array [3]int
	var s []int
	clear(array)
	delete(s, 1)
	_ = append(s, 1, 2, s...)
	_ = real("x")
	_ = new(nil)
	close(s)
	_ = cap(map[int]int{})
	_ = ~s[0]
}
