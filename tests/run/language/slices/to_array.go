// Conversions of slices to arrays and to pointers to arrays: sharing, lengths, nil, panics.
package main

import "fmt"

func try(f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("panic:", r)
		}
	}()
	f()
}

type (
	digest [4]byte
	bytes  []byte
	ptr    *[2]int
)

func first[A any](s []A) [1]A { return [1]A(s) }

func main() {
	s := []int{1, 2, 3, 4}
	a := [3]int(s)
	p := (*[3]int)(s)
	s[0] = 100
	p[1] = 200
	fmt.Println(a, *p, s, len(p), cap(p[:]))
	fmt.Println([0]int(s), (*[0]int)(s) != nil, [4]int(s) == [4]int{100, 200, 3, 4})
	var n []int
	fmt.Println((*[0]int)(n) == nil, [0]int(n), (*[0]int)([]int{}) == nil)
	fmt.Println(digest([]byte("abcdef")), digest(bytes("wxyz")), *(*digest)(bytes("1234")))
	var named ptr = ptr(s)
	named[0]++
	fmt.Println(s, [2]int(s[2:]), [2]int(s[1:3:3]))
	try(func() { fmt.Println([5]int(s)) })
	try(func() { fmt.Println((*[5]int)(s)) })
	try(func() { fmt.Println([1]int(n)) })
	try(func() { fmt.Println((*[1]int)(n)) })
	try(func() { fmt.Println([3]int(s[2:])) })
	try(func() { fmt.Println([4]string([]string{"x"})) })
	fmt.Println(first([]string{"a", "b"}), first(s))
	try(func() { first([]int{}) })
	var i any = [2]string([]string{"k", "v"})
	m := map[[2]string]int{[2]string([]string{"k", "v"}): 7}
	fmt.Println(m[i.([2]string)])
	for i, v := range [2]int(s) {
		s[1] = -1
		fmt.Print(i, v, " ")
	}
	fmt.Println(s)
	type big [50]int
	long := make([]int, 60)
	long[49] = 5
	b := big(long)
	long[49] = 6
	fmt.Println(b[49], (*big)(long)[49], big(long) == b)
}
