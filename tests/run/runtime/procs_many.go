// GOMAXPROCS far beyond the processors, set by the program and by the environment.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"time"
)

// work uses goroutines, timers and the collector on all that there are.
func work() int {
	var all sync.WaitGroup
	var mutex sync.Mutex
	sum := 0
	for i := range 5000 {
		all.Go(func() {
			if i%10 == 0 {
				time.Sleep(time.Millisecond)
			}
			b := make([]int, 100)
			mutex.Lock()
			sum += i + len(b)
			mutex.Unlock()
		})
	}
	runtime.GC()
	all.Wait()
	return sum
}

func main() {
	if len(os.Args) > 1 {
		fmt.Println("by the environment:", runtime.GOMAXPROCS(0), work())
		runtime.SetDefaultGOMAXPROCS()
		n := runtime.GOMAXPROCS(0)
		fmt.Println("by default:", n > 0 && n <= runtime.NumCPU(), work())
		return
	}
	before := runtime.GOMAXPROCS(0)
	for _, n := range []int{1500, 3000, 2, 1025, 1024, 5000, 1} {
		old := runtime.GOMAXPROCS(n)
		fmt.Println(old == before, runtime.GOMAXPROCS(0), work())
		before = n
	}
	for _, n := range []string{"3000", "1"} {
		cmd := exec.Command(os.Args[0], "child")
		cmd.Env = append(os.Environ(), "GOMAXPROCS="+n)
		out, err := cmd.Output()
		fmt.Printf("%s %v\n%s", n, err, out)
	}
}
