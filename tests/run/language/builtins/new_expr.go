// new with a value: a pointer to a new variable with that value, of the value's type.
package main

import "fmt"

type point struct{ x, y int }
type celsius float64

func value() (s string) { fmt.Print("evaluated "); return "v" }

func generic[T any](v T) *T { return new(v) }

func main() {
	a, b := new(5), new(5)
	*a++
	fmt.Println(*a, *b, a == b)
	fmt.Printf("%T %T %T %T %T\n", new(1), new(1.5), new('x'), new("s"), new(celsius(2)))
	p := point{1, 2}
	q := new(p)
	q.x = 10
	fmt.Println(p, *q, *new(point{3, 4}), new(p.x) == &p.x)
	s := new(value())
	fmt.Println(*s, len(*s), *new(value() + value()))
	arr := [3]int{1, 2, 3}
	r := new(arr)
	r[0] = 100
	fmt.Println(arr, *r, len(new([2]int{})), *new([]int{1}), *new(map[string]int{"k": 1}))
	var i any = 5
	e := new(i)
	*e = "changed"
	fmt.Println(i, *e, *new(error(nil)) == nil)
	opt := struct {
		n *int
		s *string
		b *bool
	}{new(1), new("text"), new(1 < 2)}
	fmt.Println(*opt.n, *opt.s, *opt.b)
	f := new(func() int { return 7 })
	fmt.Println((*f)(), *generic(2.5), **generic(new(3)))
	ptrs := []*int{}
	for i := range 3 {
		ptrs = append(ptrs, new(i*i))
	}
	fmt.Println(*ptrs[0], *ptrs[1], *ptrs[2], *new(int), *new(point), *new(uint8(200))+100)
	const c = 1 << 40
	fmt.Println(*new(c), *new(c >> 38), new(struct{}{}) != nil)
	ch := make(chan int, 1)
	ch <- 9
	fmt.Println(*new(<-ch), *new(len("abc")), *new(i.(int)))
}
