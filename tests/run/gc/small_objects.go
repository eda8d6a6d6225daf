// Finalizers, cleanups and weak pointers of objects that share blocks, of parts of objects,
// of objects that come back to life, and of chains.
package main

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"time"
	"unique"
	"weak"
)

var ran atomic.Int32

type tiny struct{ a uint32 }

//go:noinline
func finTiny(n int) {
	for i := range n {
		p := &tiny{uint32(i)}
		runtime.SetFinalizer(p, func(p *tiny) {
			ran.Add(1)
		})
	}
}

//go:noinline
func cleanTiny(n int) {
	for i := range n {
		p := &tiny{uint32(i)}
		runtime.AddCleanup(p, func(int) { ran.Add(1) }, i)
	}
}

var wk []weak.Pointer[tiny]

//go:noinline
func weakTiny(n int) {
	for i := range n {
		p := &tiny{uint32(i)}
		w := weak.Make(p)
		if w != weak.Make(p) || w.Value() != p || w.Value().a != uint32(i) {
			fmt.Println("weak differs")
		}
		wk = append(wk, w)
	}
}

// wait waits for n of them. The first and the last may share a block with what lives on.
func wait(n int32) {
	for i := range 5000 {
		runtime.GC()
		if ran.Load() >= n || i > 100 && ran.Load() >= n-4 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	fmt.Println(ran.Load() >= n-4, ran.Load() <= n)
	ran.Store(0)
}

func on(f func()) {
	c := make(chan bool)
	go func() { f(); c <- true }()
	<-c
}

type big struct {
	x [10]int
	s string
}

//go:noinline
func uniq(i int) {
	_ = unique.Make(fmt.Sprint("string number ", i))
	_ = unique.Make(big{s: fmt.Sprint(i)})
}

var saved *res

type res struct {
	n    int
	next *res
	pad  [4]int
}

func main() {
	on(func() { finTiny(1000) })
	wait(1000)
	on(func() { cleanTiny(1000) })
	wait(1000)
	on(func() { weakTiny(1000) })
	for range 4 {
		runtime.GC()
	}
	alive := 0
	for _, w := range wk {
		if w.Value() != nil {
			alive++
		}
	}
	fmt.Println("weak tiny gone", alive <= 4, len(wk))
	for i := range wk {
		for j := range i {
			if wk[i] == wk[j] {
				fmt.Println("equal", i, j)
			}
		}
	}
	var m1, m2 runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m1)
	on(func() {
		for i := range 20000 {
			uniq(i)
		}
	})
	for range 500 {
		runtime.GC()
		runtime.ReadMemStats(&m2)
		if int64(m2.HeapObjects)-int64(m1.HeapObjects) < 2000 {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	fmt.Println("unique freed", int64(m2.HeapObjects)-int64(m1.HeapObjects) < 2000)
	// Parts of objects.
	on(func() {
		r := &res{n: 1}
		wi := weak.Make(&r.n)
		wr := weak.Make(r)
		fmt.Println(*wi.Value(), wr.Value() == r)
		runtime.KeepAlive(r)
	})
	// Back to life, twice.
	cnt := 0
	var f func(r *res)
	done := make(chan int, 10)
	f = func(r *res) {
		cnt++
		saved = r
		if cnt < 3 {
			runtime.SetFinalizer(r, f)
		}
		saved = nil
		done <- cnt
	}
	on(func() { runtime.SetFinalizer(&res{n: 5}, f) })
	for range 3 {
	loop:
		for {
			runtime.GC()
			select {
			case c := <-done:
				fmt.Println("resurrected", c)
				break loop
			case <-time.After(10 * time.Millisecond):
			}
		}
	}
	on(func() {
		r := &res{n: 9}
		runtime.SetFinalizer(r, func(r *res) { ran.Add(1) })
		u := r.n
		for range 3 {
			runtime.GC()
			time.Sleep(time.Millisecond)
		}
		fmt.Println("kept", ran.Load(), u)
		runtime.KeepAlive(r)
	})
	wait(1)
	// A chain dies from its head on.
	order := make(chan int, 10)
	on(func() {
		c := &res{n: 3}
		b := &res{n: 2, next: c}
		a := &res{n: 1, next: b}
		for _, x := range []*res{c, a, b} {
			runtime.SetFinalizer(x, func(r *res) { order <- r.n })
		}
	})
	for range 3 {
		for len(order) == 0 {
			runtime.GC()
			time.Sleep(time.Millisecond)
		}
		fmt.Println("order", <-order)
	}
	on(func() {
		r := &res{n: 9}
		runtime.AddCleanup(&r.pad[2], func(int) { ran.Add(1) }, 1)
		c := runtime.AddCleanup(&r.next, func(int) { ran.Add(1) }, 1)
		c.Stop()
		c.Stop()
	})
	wait(1)
	fmt.Println("end")
}
