// A nil map reads as empty and panics when written, in every form of writing.
package main

import "fmt"

type record struct {
	index map[string]int
	deep  map[string]map[string]int
}

func try(name string, f func()) {
	defer func() { fmt.Println(name, recover()) }()
	f()
}

func main() {
	var m map[string]int
	v, ok := m["x"]
	fmt.Println(m == nil, len(m), m["x"], v, ok, m)
	for range m {
		fmt.Println("never")
	}
	delete(m, "x")
	clear(m)
	try("assign", func() { m["x"] = 1 })
	try("increment", func() { m["x"]++ })
	try("op assign", func() { m["x"] += 2 })
	try("range into it", func() {
		for m["x"] = range 3 {
		}
	})
	try("tuple", func() { _, m["x"] = 1, 2 })
	try("receive", func() { c := make(chan int, 1); c <- 1; m["x"] = <-c })
	try("address of value", func() { var ms map[string]*int; *ms["x"] = 1 })
	var r record
	try("field", func() { r.index["k"] = 1 })
	try("nested", func() { r.deep["a"]["b"] = 1 })
	r.deep = map[string]map[string]int{}
	try("inner", func() { r.deep["a"]["b"] = 1 })
	try("struct key", func() { var m map[struct{ a, b int }]string; m[struct{ a, b int }{1, 2}] = "" })
	try("int key", func() { var m map[int]int; m[1] = 1 })
	try("int32 key", func() { var m map[int32]int; m[1] = 1 })
	try("interface key", func() { var m map[any]int; m[1] = 1 })
	try("order: value before the panic", func() { m["x"] = func() int { fmt.Print("(evaluated) "); return 1 }() })
	try("order: key before the panic", func() { m[func() string { fmt.Print("(key) "); return "k" }()]++ })
	try("generic", func() { put(m, "k", 1) })
	var p *map[string]int
	try("nil pointer to map", func() { (*p)["x"] = 1 })
	m = map[string]int{}
	m["x"] = 1
	fmt.Println(m)
	e := map[string]int{}
	fmt.Println(e == nil, len(e))
}

func put[K comparable, V any](m map[K]V, k K, v V) { m[k] = v }
