// GOMAXPROCS grows step by step, from the first moments of many processes, while goroutines
// run on all that there are.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

func child() {
	var stop atomic.Bool
	var all sync.WaitGroup
	var turns [4]atomic.Int64
	for i := range turns {
		all.Go(func() {
			for !stop.Load() {
				turns[i].Add(1)
				if i%2 == 0 {
					time.Sleep(time.Microsecond)
				} else {
					runtime.Gosched()
				}
			}
		})
	}
	for n := 1; n <= 64; n++ {
		if runtime.GOMAXPROCS(n); runtime.GOMAXPROCS(0) != n {
			fmt.Println("not", n)
		}
	}
	for n := 64; n > 0; n /= 2 {
		runtime.GOMAXPROCS(n)
		runtime.GOMAXPROCS(n + 1)
	}
	stop.Store(true)
	all.Wait()
}

func main() {
	if len(os.Args) > 1 {
		child()
		return
	}
	for range 40 {
		if out, err := exec.Command(os.Args[0], "child").CombinedOutput(); err != nil || len(out) > 0 {
			fmt.Printf("%v\n%.2000s", err, out)
		}
	}
	fmt.Println("done")
}
