// Dumps and profiles of all goroutines, again and again, while a thousand of them enter and leave
// system calls, are preempted, grow their stacks, panic and end, under a collector in haste.
package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

var stop atomic.Bool

// How many goroutines are in their functions.
var begun atomic.Int32

//go:noinline
func deep(n int) int {
	if n == 0 {
		return 0
	}
	return deep(n-1) + 1
}

//go:noinline
func system(fd int) {
	begun.Add(1)
	var b [8]byte
	for !stop.Load() {
		for range 5 {
			syscall.Read(fd, b[:])
			syscall.Getppid()
		}
		runtime.Gosched()
	}
}

//go:noinline
func blocked(fd int) {
	begun.Add(1)
	var b [1]byte
	syscall.Read(fd, b[:])
}

//go:noinline
func panics() {
	begun.Add(1)
	for !stop.Load() {
		func() {
			defer func() { recover() }()
			var p *int
			*p = 1
		}()
		runtime.Gosched()
	}
}

//go:noinline
func ends() {
	begun.Add(1)
	for !stop.Load() {
		var wg sync.WaitGroup
		wg.Go(func() { deep(300) })
		wg.Go(func() { runtime.Goexit() })
		wg.Wait()
	}
}

//go:noinline
func spins() {
	begun.Add(1)
	for n := 0; !stop.Load(); n++ {
	}
}

func main() {
	debug.SetGCPercent(10)
	runtime.GOMAXPROCS(4)
	zero, _ := os.Open("/dev/zero")
	var p [2]int
	syscall.Pipe(p[:])
	var wg sync.WaitGroup
	crowd := int32(0)
	for i := range 1000 {
		crowd++
		switch {
		case i%20 == 0:
			wg.Go(func() { blocked(p[0]) })
		case i%20 < 8:
			wg.Go(func() { system(int(zero.Fd())) })
		case i%20 < 13:
			wg.Go(panics)
		case i%20 < 19:
			wg.Go(ends)
		case i%100 == 19:
			wg.Go(spins)
		default:
			crowd--
		}
	}
	// A goroutine that has not begun has no function to be seen in.
	for begun.Load() < crowd {
		time.Sleep(time.Millisecond)
	}
	buffer := make([]byte, 8<<20)
	deadline := time.Now().Add(4 * time.Second)
	seen := 0
	for round := 0; round < 12 && (round < 5 || time.Now().Before(deadline)); round++ {
		text := string(buffer[:runtime.Stack(buffer, true)])
		if round%3 == 2 {
			var b bytes.Buffer
			pprof.Lookup("goroutine").WriteTo(&b, 2)
			text = b.String()
		}
		blocks := strings.Split(strings.TrimSpace(text), "\n\n")
		n := 0
		for _, block := range blocks {
			switch {
			case !strings.HasPrefix(block, "goroutine "):
				fmt.Println("no header:", block)
			case strings.Contains(block, "unavailable"):
				fmt.Println("no stack:", block)
			case strings.Contains(block, "main.blocked("):
				n++
				if strings.Contains(block, "[syscall") && !strings.Contains(block, "syscall.Syscall(") {
					fmt.Println("cut off:", block)
				}
			case strings.Contains(block, "[syscall") && !strings.Contains(block, "main.system("):
				fmt.Println("cut off:", block)
			}
			if !strings.Contains(block, "created by ") && !strings.HasPrefix(block, "goroutine 1 ") {
				fmt.Println("from nowhere:", block)
			}
		}
		seen = max(seen, n)
		var b bytes.Buffer
		pprof.Lookup("goroutine").WriteTo(&b, 1)
		if !strings.Contains(b.String(), "main.panics+0x") {
			fmt.Println("profile without main.panics")
		}
	}
	fmt.Println("blocked", seen)
	stop.Store(true)
	syscall.Close(p[1])
	wg.Wait()
	fmt.Println("done")
}
