// Claim: what a deferred closure captures lives as long as it is needed, also large
// buffers, values of loops and results, through any number of collections.
package main

import (
	"fmt"
	"runtime"
)

func captured(n int) (total int) {
	buf := make([]byte, n)
	for i := range buf {
		buf[i] = byte(i)
	}
	defer func() {
		for _, b := range buf {
			total += int(b)
		}
	}()
	for range 3 {
		runtime.GC()
	}
	return 1
}

func chained(depth int) (s string) {
	local := fmt.Sprint("level ", depth)
	defer func() { s += "<" + local }()
	if depth > 0 {
		runtime.GC()
		s = chained(depth - 1)
	}
	return s
}

func loop() (sum int) {
	for i := range 50 {
		block := new([64]int)
		block[i] = i
		defer func() { sum += block[i] }()
		if i%10 == 0 {
			runtime.GC()
		}
	}
	return 0
}

func kept() func() int {
	n := 0
	var f func() int
	defer func() { n = 40 }()
	f = func() int { n++; return n }
	return f
}

func main() {
	fmt.Println(captured(10), captured(1024), captured(100_000))
	fmt.Println(chained(3))
	fmt.Println(loop())
	f := kept()
	fmt.Println(f(), f())
}
