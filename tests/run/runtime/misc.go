// Growth of slices, conversions, maps, finalizers, weak pointers, parts of the API.
package main

import (
	"fmt"
	"maps"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
	"unique"
	"unsafe"
	"weak"
)

// Slices that escape: others may begin in the frame, with a capacity of its choice.
var (
	s  []int
	b  []byte
	ps []*int
)

func main() {
	var s []int
	c := 0
	for i := 0; i < 3000; i++ {
		s = append(s, i)
		if cap(s) != c && cap(s) >= 32 {
			c = cap(s)
			fmt.Print(c, " ")
		}
	}
	fmt.Println()
	c = 0
	for i := 0; i < 70000; i++ {
		b = append(b, 1)
		if cap(b) != c {
			c = cap(b)
			fmt.Print(c, " ")
		}
	}
	fmt.Println()
	c = 0
	for i := 0; i < 3000; i++ {
		ps = append(ps, nil)
		if cap(ps) != c {
			c = cap(ps)
			fmt.Print(c, " ")
		}
	}
	fmt.Println()
	fmt.Println(string(rune(0x10FFFF)), string([]rune{'a', 0xD800, 'é'}), []rune("a\xffé\xe2\x82"), []byte("é"))
	m := map[string]int{"a": 1, "b": 2, "c": 3}
	fmt.Println(m, len(m), slices.Sorted(maps.Keys(m)))
	delete(m, "a")
	m2 := maps.Clone(m)
	clear(m)
	fmt.Println(m, m2)
	mf := map[float64]int{math.NaN(): 1, 0: 2}
	mf[math.NaN()] = 3
	fmt.Println(len(mf), mf[math.Copysign(0, -1)])
	mi := map[any]int{1: 1, "a": 2, 1.5: 3, [2]int{1, 2}: 4, struct{ a string }{"x"}: 5}
	fmt.Println(mi[1], mi["a"], mi[1.5], mi[[2]int{1, 2}], mi[struct{ a string }{"x"}])
	bigm := map[int]string{}
	for i := 0; i < 10000; i++ {
		bigm[i] = strconv.Itoa(i)
	}
	sum := 0
	for k, v := range bigm {
		n, _ := strconv.Atoi(v)
		if n != k {
			panic("x")
		}
		sum += k
	}
	fmt.Println(sum)
	fin := make(chan int, 2)
	func() {
		x := new([100]int)
		runtime.SetFinalizer(x, func(*[100]int) { fin <- 1 })
		y := new([50]int)
		runtime.AddCleanup(y, func(n int) { fin <- n }, 1)
	}()
	for i := 0; i < 5; i++ {
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	select {
	case <-fin:
	case <-time.After(time.Minute):
		fmt.Println("no finalizer")
	}
	w := weak.Make(new(int))
	p := new(string)
	*p = "kept"
	wp := weak.Make(p)
	runtime.GC()
	runtime.GC()
	_ = w
	fmt.Println(*wp.Value())
	runtime.KeepAlive(p)
	fmt.Println(unique.Make("a") == unique.Make(strings.Clone("a")))
	fmt.Println(runtime.GOOS, runtime.GOARCH, runtime.Version(), runtime.Compiler, runtime.NumGoroutine())
	var ms runtime.MemStats
	runtime.ReadMemStats(&ms)
	fmt.Println(ms.NumGC > 0, ms.HeapAlloc > 0, unsafe.Sizeof(ms))
	fmt.Println(debug.SetGCPercent(50), debug.SetGCPercent(100))
	_, ok := os.LookupEnv("NOPE")
	fmt.Println(ok)
	x := []string{"b", "a"}
	sort.Strings(x)
	fmt.Println(x, strings.Repeat("ab", 3), strings.Index("hello world, hello universe", "universe"), strings.Count("cheese", "e"))
	fmt.Println(math.Exp(1.5), math.Log(2.5), math.Pow(2, 0.5), math.Sqrt(2), math.Floor(-1.5), math.Inf(1))
	fmt.Printf("%v %q %x %08.3f %+d %t %p\n", []any{1, "a", nil}, "q\n", "hex", 3.14159, 5, true, nil)
	buf := make([]byte, 1000)
	n := runtime.Stack(buf, false)
	fmt.Println(strings.HasPrefix(string(buf[:n]), "goroutine 1 [running]:\nmain.main("))
}
