// sync/atomic: all types and functions, alone and under contention.
package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"unsafe"
)

type node struct {
	v    int
	next *node
}
type stack struct{ head atomic.Pointer[node] }

func (s *stack) push(v int) {
	n := &node{v: v}
	for {
		n.next = s.head.Load()
		if s.head.CompareAndSwap(n.next, n) {
			return
		}
	}
}
func (s *stack) pop() (int, bool) {
	for {
		h := s.head.Load()
		if h == nil {
			return 0, false
		}
		if s.head.CompareAndSwap(h, h.next) {
			return h.v, true
		}
	}
}

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func main() {
	var i32 atomic.Int32
	var u32 atomic.Uint32
	var i64 atomic.Int64
	var u64 atomic.Uint64
	var up atomic.Uintptr
	var b atomic.Bool
	fmt.Println(i32.Add(-5), i32.Swap(7), i32.Load(), i32.CompareAndSwap(7, 8), i32.CompareAndSwap(7, 9), i32.And(0xc), i32.Or(3), i32.Load())
	fmt.Println(u32.Add(^uint32(0)), u32.Swap(1), u32.And(5), u32.Or(6), u32.Load())
	fmt.Println(i64.Add(1<<40), i64.And(-1<<40), i64.Or(1), i64.Load(), i64.Swap(-1))
	fmt.Println(u64.Add(^uint64(0)), u64.And(0xff), u64.Or(0xf00), u64.Load(), u64.CompareAndSwap(0xfff, 1))
	fmt.Println(up.Add(5), up.Or(8), up.And(9), up.Load())
	fmt.Println(b.Load(), b.Swap(true), b.CompareAndSwap(true, false), b.Load())
	var x int32 = 5
	fmt.Println(atomic.AddInt32(&x, 2), atomic.SwapInt32(&x, 1), atomic.CompareAndSwapInt32(&x, 1, 3), atomic.LoadInt32(&x), atomic.AndInt32(&x, 1), atomic.OrInt32(&x, 4), x)
	var y uint64 = 1 << 63
	atomic.StoreUint64(&y, 9)
	fmt.Println(atomic.AddUint64(&y, ^uint64(8)), y)
	s := "pointed"
	p := unsafe.Pointer(nil)
	fmt.Println(atomic.CompareAndSwapPointer(&p, nil, unsafe.Pointer(&s)), *(*string)(atomic.LoadPointer(&p)))

	var v atomic.Value
	fmt.Println(v.Load())
	v.Store([]int{1})
	fmt.Println(v.Swap([]int{2}), v.Load())
	try(func() { v.Store("other type") })
	try(func() { v.Store(nil) })
	try(func() { v.CompareAndSwap([]int{}, []int{}) })
	var v2 atomic.Value
	fmt.Println(v2.CompareAndSwap(nil, 5), v2.CompareAndSwap(5, 6), v2.CompareAndSwap(5, 7), v2.Load())

	var st stack
	var wg sync.WaitGroup
	var popped, sum atomic.Int64
	for w := range 8 {
		wg.Go(func() {
			for i := range 2000 {
				st.push(w*2000 + i)
				if i%2 == 1 {
					if v, ok := st.pop(); ok {
						sum.Add(int64(v))
						popped.Add(1)
					}
				}
			}
		})
	}
	wg.Wait()
	for {
		v, ok := st.pop()
		if !ok {
			break
		}
		sum.Add(int64(v))
		popped.Add(1)
	}
	fmt.Println(popped.Load(), sum.Load())

	// Dekker-like: with sequential consistency at least one of the two sees the other.
	both := 0
	for range 2000 {
		var a, b, ra, rb atomic.Int32
		var w sync.WaitGroup
		w.Add(2)
		go func() { a.Store(1); ra.Store(b.Load()); w.Done() }()
		go func() { b.Store(1); rb.Store(a.Load()); w.Done() }()
		w.Wait()
		if ra.Load() == 0 && rb.Load() == 0 {
			both++
		}
	}
	fmt.Println("both missed:", both)
	// A spin lock from a bool, with work that may be preempted.
	var lock atomic.Bool
	n := 0
	for range 8 {
		wg.Go(func() {
			for range 1000 {
				for !lock.CompareAndSwap(false, true) {
				}
				n++
				lock.Store(false)
			}
		})
	}
	wg.Wait()
	fmt.Println(n)
	type cfg struct{ a, b int }
	var cp atomic.Pointer[cfg]
	cp.Store(&cfg{1, 1})
	var torn atomic.Int32
	wg.Go(func() {
		for i := range 5000 {
			cp.Store(&cfg{i, i})
		}
	})
	for range 4 {
		wg.Go(func() {
			for range 5000 {
				if c := cp.Load(); c.a != c.b {
					torn.Add(1)
				}
			}
		})
	}
	wg.Wait()
	fmt.Println(torn.Load(), cp.Swap(nil).a, cp.Load() == nil)
	var nilp *atomic.Int64
	try(func() { nilp.Add(1) })
}
