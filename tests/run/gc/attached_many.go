// Finalizers, cleanups and weak pointers of tens of thousands of objects, while collections
// come and go: each runs once, none too early, and no weak pointer leads to what is gone.
package main

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"time"
	"weak"
)

const objects = 20000

type node struct {
	number  int
	other   *node
	ballast [4]int
}

var (
	finalized, cleaned [objects]atomic.Int32
	wrong              atomic.Int32
	sink               []byte
)

//go:noinline
func attach(i int) (*node, weak.Pointer[node]) {
	n := &node{number: i, other: &node{number: -i}}
	switch i % 4 {
	case 0:
		runtime.SetFinalizer(n, func(n *node) {
			if n.number != i || n.other.number != -i {
				wrong.Add(1)
			}
			finalized[i].Add(1)
		})
	case 1:
		runtime.AddCleanup(n, func(i int) { cleaned[i].Add(1) }, i)
	case 2:
		runtime.AddCleanup(n, func(i int) { cleaned[i].Add(1) }, i)
		runtime.SetFinalizer(n, func(n *node) { finalized[n.number].Add(1) })
	}
	return n, weak.Make(n)
}

// populate makes the objects, in a frame that is gone when they are to die.
//
//go:noinline
func populate() (live []*node, weaks []weak.Pointer[node]) {
	for i := range objects {
		n, w := attach(i)
		weaks = append(weaks, w)
		if kept(i) {
			live = append(live, n)
		}
	}
	return live, weaks
}

func kept(i int) bool { return i%3 == 0 }

func counts() (f, c int32) {
	for i := range objects {
		f += finalized[i].Load()
		c += cleaned[i].Load()
	}
	return f, c
}

// look resolves every weak pointer, while whatever comes of that stays in use.
func look(weaks []weak.Pointer[node], live []*node) {
	for i, w := range weaks {
		n := w.Value()
		if n == nil && kept(i) || n != nil && n.number != i {
			wrong.Add(1)
		}
		if n != nil && i%64 == 0 {
			sink = make([]byte, 4096)
		}
	}
	runtime.KeepAlive(live)
}

// first has those that are not kept die.
//
//go:noinline
func first() {
	live, weaks := populate()
	var wantF, wantC int32
	for i := range objects {
		if !kept(i) {
			if i%4 == 0 || i%4 == 2 {
				wantF++
			}
			if i%4 == 1 || i%4 == 2 {
				wantC++
			}
		}
	}
	done := make(chan bool)
	for range 3 {
		go func() {
			for range 20 {
				look(weaks, live)
			}
			done <- true
		}()
	}
	for range 3 {
		<-done
	}
	f, c := collect(wantF, wantC)
	fmt.Println("finalized", f == wantF, "cleaned", c == wantC, "wrong", wrong.Load())
	alive := 0
	for i, w := range weaks {
		if n := w.Value(); n != nil {
			alive++
			if !kept(i) {
				fmt.Println("alive", i)
			}
		}
	}
	fmt.Println("alive", alive == len(live))
	for i := range objects {
		if kept(i) && finalized[i].Load()+cleaned[i].Load() != 0 {
			fmt.Println("too early", i)
		}
	}
	runtime.KeepAlive(live)
}

// collect waits for so many finalizers and cleanups.
func collect(wantF, wantC int32) (f, c int32) {
	for range 500 {
		runtime.GC()
		if f, c = counts(); f >= wantF && c >= wantC {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	return f, c
}

func main() {
	ended := make(chan bool)
	go func() {
		first()
		ended <- true
	}()
	<-ended
	fmt.Println(collect(objects/2, objects/2))
}
