// len and cap of everything, constant and not; what is evaluated and what is not.
package main

import "fmt"

type s struct{ a [4]int }

func f() [3]int                            { fmt.Print("f called "); return [3]int{} }
func ptr() *[5]int                         { fmt.Print("ptr called "); return nil }
func size[T ~[]int | ~[4]int](t T) int  { return len(t) + cap(t) }
func textLen[T ~string | ~[]byte](t T) int { return len(t) }

const constant = len([10]int{}) + cap([3]string{}) + len("héllo") + len([2]func(){})

var array [constant]byte

func main() {
	var nilSlice []int
	var nilMap map[string]int
	var nilChan chan int
	var nilPtr *[7]int
	fmt.Println(len(nilSlice), cap(nilSlice), len(nilMap), len(nilChan), cap(nilChan), len(nilPtr), cap(nilPtr), len(array))
	fmt.Println(len(f()), len(ptr()), len([...]int{f()[0], 2}))
	var x s
	const c = len(x.a)
	fmt.Println(c, len(s{}.a), len((&x).a), cap((&s{}).a))
	sl := make([]int, 3, 10)
	fmt.Println(len(sl), cap(sl), len(sl[1:]), cap(sl[1:]), cap(sl[1:2:4]), len(sl[:10]))
	m := map[string]int{"a": 1}
	m["b"]++
	delete(m, "a")
	fmt.Println(len(m), len(map[int]bool{1: true, 2: false}))
	ch := make(chan string, 4)
	ch <- "x"
	ch <- "y"
	fmt.Println(len(ch), cap(ch), len(make(chan int)))
	<-ch
	close(ch)
	fmt.Println(len(ch), cap(ch))
	str := "日本"
	fmt.Println(len(str), len([]rune(str)), len([]byte(str)), len(str[3:]), len(string([]rune{0x10ffff})))
	fmt.Println(size([]int{1, 2}), size([4]int{}), textLen("abc"), textLen([]byte{1}))
	var i any = []int{1, 2, 3}
	fmt.Println(len(i.([]int)), len(append(i.([]int), 4)), len(fmt.Sprint(i)))
	type deep [2][3][4]int
	var d deep
	fmt.Println(len(d), len(d[0]), len(d[1][2]), cap(d[0][0][:2]))
}
