// Reading and writing through nil pointers: fields near and far, elements, whole values.
package main

import "fmt"

type far struct {
	pad  [5000]byte
	last int
}

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func main() {
	var p *far
	var n *int
	var a *[1000]int
	var s *string
	var i *any
	var f func()
	try(func() { fmt.Println(p.last) })
	try(func() { p.last = 1 })
	try(func() { fmt.Println(*n) })
	try(func() { *n++ })
	try(func() { a[999] = 1 })
	try(func() { fmt.Println(len(*s)) })
	try(func() { *i = 1 })
	try(func() { f() })
	try(func() { _ = *p })
	try(func() { q := *p; fmt.Println(q.last) })
	try(func() { fmt.Println(&p.pad[0] == nil) })
	try(func() { fmt.Println(p == nil, n == nil, len(a)) })
	p.pad[4999] = 1
}
