// Assignment to a nil map.
package main

func main() {
	var m map[int]int
	m[1] = 1
}
