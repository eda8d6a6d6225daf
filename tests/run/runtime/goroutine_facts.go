// NumGoroutine, Gosched, Goexit, GOMAXPROCS, LockOSThread, nested goroutines, many at once.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

func settle(want int) bool {
	for range 2000 {
		if runtime.NumGoroutine() == want {
			return true
		}
		time.Sleep(time.Millisecond)
	}
	return false
}

func main() {
	base := runtime.NumGoroutine()
	stop := make(chan bool)
	for range 100 {
		go func() { <-stop }()
	}
	fmt.Println(runtime.NumGoroutine() - base)
	close(stop)
	fmt.Println(settle(base))

	// Goexit runs the deferred calls and nothing else.
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer func() { fmt.Println("recover in Goexit:", recover()) }()
		func() {
			defer fmt.Println("inner")
			runtime.Goexit()
		}()
		fmt.Println("not reached")
	}()
	wg.Wait()

	old := runtime.GOMAXPROCS(0)
	fmt.Println(runtime.GOMAXPROCS(3) == old, runtime.GOMAXPROCS(1), runtime.GOMAXPROCS(0))
	// With one P goroutines run in turns.
	var out []int
	wg.Add(2)
	for g := range 2 {
		go func() {
			defer wg.Done()
			for i := range 3 {
				out = append(out, g*10+i)
				runtime.Gosched()
			}
		}()
	}
	wg.Wait()
	fmt.Println(len(out))
	// A loop without calls doesn't keep the others from running.
	var flag atomic.Bool
	go func() { flag.Store(true) }()
	n := 0
	for !flag.Load() {
		n++
	}
	fmt.Println("preempted")
	var spin int
	var spun atomic.Bool
	go func() {
		for !spun.Load() {
			spin++
		}
	}()
	time.Sleep(20 * time.Millisecond)
	runtime.GC()
	fmt.Println("collected while one spins")
	spun.Store(true)
	for p := 1; p <= 8; p *= 2 {
		runtime.GOMAXPROCS(p)
		var c atomic.Int64
		for range 64 {
			wg.Go(func() {
				for range 100 {
					c.Add(1)
					runtime.Gosched()
				}
			})
		}
		wg.Wait()
		fmt.Print(c.Load(), " ")
	}
	fmt.Println()
	runtime.GOMAXPROCS(old)

	// Locked to a thread: the same thread id before and after blocking.
	wg.Go(func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		id := syscall.Gettid()
		same := true
		for range 50 {
			time.Sleep(100 * time.Microsecond)
			runtime.Gosched()
			same = same && syscall.Gettid() == id
		}
		fmt.Println("same thread", same)
	})
	wg.Wait()
	wg.Go(func() {
		runtime.LockOSThread()
		runtime.LockOSThread()
		runtime.UnlockOSThread()
		// It ends locked, so the thread ends with it.
	})
	wg.Wait()
	// Goroutines that start goroutines.
	var total atomic.Int64
	var tree func(d int)
	tree = func(d int) {
		total.Add(1)
		if d > 0 {
			for range 4 {
				wg.Go(func() { tree(d - 1) })
			}
		}
	}
	tree(6)
	wg.Wait()
	fmt.Println(total.Load())
	// A hundred thousand at once.
	gate := make(chan bool)
	for range 100000 {
		wg.Go(func() { <-gate; total.Add(1) })
	}
	close(gate)
	wg.Wait()
	fmt.Println(total.Load())
	// Blocking system calls don't hold up the others.
	r := make([]int, 2)
	syscall.Pipe(r)
	var read atomic.Int32
	for range 30 {
		wg.Go(func() {
			b := make([]byte, 1)
			syscall.Read(r[0], b)
			read.Add(int32(b[0]))
		})
	}
	x := 0
	for i := range 1000 {
		x += i
		runtime.Gosched()
	}
	for range 30 {
		syscall.Write(r[1], []byte{2})
	}
	wg.Wait()
	fmt.Println(read.Load(), x)
	fmt.Println(runtime.NumCPU() > 0, runtime.NumCgoCall(), runtime.GOOS, runtime.GOARCH, runtime.Compiler, runtime.Version())
}
