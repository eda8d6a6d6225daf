// What the kernel keeps for each thread and Go means for the process: AllThreadsSyscall, on
// which setuid and its like are built.
package main

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"syscall"
)

const prSetKeepCaps, prGetKeepCaps = 8, 7

// onThreads calls f on n threads at the same time.
func onThreads(n int, f func() string) []string {
	results := make([]string, n)
	var here, done sync.WaitGroup
	here.Add(n)
	for i := range n {
		done.Go(func() {
			runtime.LockOSThread()
			here.Done()
			here.Wait()
			results[i] = f()
		})
	}
	done.Wait()
	return results
}

func same(all []string) string {
	for _, s := range all {
		if s != all[0] {
			return "different: " + strings.Join(all, " ")
		}
	}
	return all[0]
}

func keepCaps() string {
	r, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, prGetKeepCaps, 0, 0)
	return fmt.Sprint(r, errno)
}

var live = make([]*int, 1<<18)

func main() {
	// The collector has threads of its own, from the first collection that has much to do.
	for i := range live {
		live[i] = new(int)
	}
	runtime.GC()
	// Some threads are in system calls meanwhile, and one goroutine never stops.
	var pipe [2]int
	fmt.Println("pipe", syscall.Pipe(pipe[:]))
	for range 4 {
		go func() {
			runtime.LockOSThread()
			syscall.Read(pipe[0], make([]byte, 1))
		}()
	}
	go func() {
		for {
		}
	}()
	for i := range uintptr(4) {
		r1, _, errno := syscall.AllThreadsSyscall(syscall.SYS_PRCTL, prSetKeepCaps, i%2, 0)
		fmt.Println(r1, errno, same(onThreads(8, keepCaps)))
	}
	r1, r2, errno := syscall.AllThreadsSyscall(syscall.SYS_PRCTL, prSetKeepCaps, 99, 0)
	fmt.Println(int(r1), r2, errno == syscall.EINVAL, same(onThreads(8, keepCaps)))
}
