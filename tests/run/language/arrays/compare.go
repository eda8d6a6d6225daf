// Comparing arrays: element by element, of every element type, nested, as keys, in
// interfaces, and the panic for elements that cannot be compared.
package main

import (
	"fmt"
	"math"
)

type pair struct {
	name string
	n    int
}

func try(f func() bool) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("panic:", r)
		}
	}()
	fmt.Println(f())
}

//go:noinline
func eq[T comparable](a, b T) bool { return a == b && !(a != b) }

func main() {
	fmt.Println(eq([3]int{1, 2, 3}, [3]int{1, 2, 3}), eq([3]int{1, 2, 3}, [3]int{1, 2, 4}))
	fmt.Println(eq([2]string{"a", "b"}, [2]string{"a", "b"}), eq([2]string{"a", "b"}, [2]string{"a", "c"}))
	fmt.Println(eq([0]int{}, [0]int{}), eq([1]float64{0}, [1]float64{math.Copysign(0, -1)}), eq([1]float64{math.NaN()}, [1]float64{math.NaN()}))
	fmt.Println(eq([2]pair{{"x", 1}, {"y", 2}}, [2]pair{{"x", 1}, {"y", 2}}), eq([2]pair{{"x", 1}}, [2]pair{{"x", 2}}))
	n := 1
	fmt.Println(eq([2]*int{&n, nil}, [2]*int{&n, nil}), eq([1]*int{new(int)}, [1]*int{new(int)}))
	fmt.Println(eq([2]any{1, "a"}, [2]any{1, "a"}), eq([2]any{1, "a"}, [2]any{int64(1), "a"}), eq([1]any{nil}, [1]any{nil}))
	fmt.Println(eq([2][2]bool{{true}}, [2][2]bool{{true}}), eq([2][2]bool{{true}}, [2][2]bool{{false, true}}))
	fmt.Println(eq([100]byte{99: 1}, [100]byte{99: 1}), eq([100]byte{99: 1}, [100]byte{}), eq([3]complex64{1i}, [3]complex64{1i}))
	try(func() bool { return [1]any{[]int{1}} == [1]any{[]int{1}} })
	try(func() bool { return [2]any{1, []int{1}} == [2]any{2, []int{1}} })
	try(func() bool { return [2]any{[]int{1}, 1} == [2]any{2, 1} })
	try(func() bool { return [1]any{func() {}} == [1]any{nil} })
	try(func() bool { var a, b any = [1]any{map[int]int{}}, [1]any{map[int]int{}}; return a == b })
	try(func() bool { var a, b any = [2][]int{}, [2][]int{}; return a == b })
	try(func() bool { var a, b any = [0]func(){}, [0]func(){}; return a == b })
	m := map[[2]int]string{{1, 2}: "a", {2, 1}: "b"}
	m[[2]int{1, 2}] += "!"
	fmt.Println(m[[2]int{1, 2}], m[[...]int{2, 1}], len(m[[2]int{}]))
	deep := map[[2]pair]int{{{"p", 1}, {"q", 2}}: 5}
	fmt.Println(deep[[2]pair{{"p", 1}, {"q", 2}}], deep[[2]pair{{"p", 1}, {"q", 3}}])
	switch [2]int{1, 2} {
	case [2]int{2, 1}:
		fmt.Println("no")
	case [...]int{1, 2}:
		fmt.Println("yes")
	}
	var x, y any = [2]int{1, 2}, [2]int32{1, 2}
	fmt.Println(x == y, x == any([2]int{1, 2}), x != y)
	type zero struct{}
	fmt.Println([3]zero{} == [3]zero{}, any([3]zero{}) == any([3]zero{}))
}
