// copy: overlap in both directions, lengths, strings, kinds of elements, results.
package main

import "fmt"

type item struct {
	name string
	tags []string
}

type ints []int

func main() {
	s := []int{0, 1, 2, 3, 4, 5, 6, 7}
	fmt.Println(copy(s[2:], s), s)
	s = []int{0, 1, 2, 3, 4, 5, 6, 7}
	fmt.Println(copy(s, s[3:]), s)
	s = []int{0, 1, 2, 3, 4, 5, 6, 7}
	fmt.Println(copy(s[1:5], s[3:4]), s, copy(s, s), copy(s[:0], s), copy(s, []int(nil)), copy([]int(nil), s))
	b := make([]byte, 4)
	fmt.Println(copy(b, "héllo"), b, copy(b[2:], "x"), string(b))
	type name string
	fmt.Println(copy(b, name("zz")), string(b))
	a := [3]int{7, 8, 9}
	fmt.Println(copy(a[:], s), a[:], copy(a[1:], a[:]), a[:])
	items := []item{{"a", []string{"x"}}, {"b", nil}, {"c", nil}}
	clone := make([]item, 2)
	fmt.Println(copy(clone, items), clone)
	clone[0].tags[0] = "shared"
	clone[1].name = "own"
	fmt.Println(items, clone)
	fmt.Println(copy(items[1:], items), items)
	fmt.Println(copy(ints{0, 0}, []int{1}), copy([]int{0}, ints{3, 4}))
	big := make([]int, 10000)
	for i := range big {
		big[i] = i
	}
	copy(big[1:], big)
	sum := 0
	for _, v := range big {
		sum += v
	}
	copy(big, big[5000:])
	fmt.Println(sum, big[0], big[1], big[4999], big[5000], big[9999])
	strs := []string{"a", "b", "c", "d"}
	copy(strs[1:3], strs[2:4])
	fmt.Println(strs)
	var anys []any = make([]any, 2)
	copy(anys, []any{1, "two", 3.0})
	fmt.Println(anys)
	rows := [][]int{{1}, {2}, {3}}
	copy(rows, rows[1:])
	rows[0][0] = 20
	fmt.Println(rows)
	order := func(n int, s []int) []int { fmt.Print("arg", n, " "); return s }
	fmt.Println(copy(order(1, s), order(2, a[:])))
	var zero [3]struct{}
	fmt.Println(copy(zero[:], zero[1:]))
}
