// A program that does nothing: goroutines that wait in all ways there are, for a long time.
// It may take a thousandth of a processor.
package main

import (
	"fmt"
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	"example.test/load/check"
)

const each = 200

// processorTime is what the kernel has given the process.
func processorTime() time.Duration {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func main() {
	l := check.Start()
	stop := make(chan struct{})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		l.Fail("%v", err)
		l.Finish()
	}
	read, write, err := os.Pipe()
	if err != nil {
		l.Fail("%v", err)
	}
	var all sync.WaitGroup
	var lock sync.Mutex
	cond := sync.NewCond(&lock)
	for range each {
		all.Go(func() { <-stop })
		all.Go(func() {
			select {
			case <-stop:
			case <-time.After(time.Hour):
			}
		})
		all.Go(func() {
			lock.Lock()
			cond.Wait()
			lock.Unlock()
		})
		all.Go(func() { listener.Accept() })
		all.Go(func() { read.Read(make([]byte, 1)) })
	}
	ticker := time.NewTicker(time.Second)
	time.Sleep(100 * time.Millisecond)
	began, before := time.Now(), processorTime()
	for l.Running() {
		<-ticker.C
	}
	used, elapsed := processorTime()-before, time.Since(began)
	ticker.Stop()
	fmt.Printf("%v of processor time in %v: %.4f %%\n", used, elapsed, 100*float64(used)/float64(elapsed))
	if used > elapsed/1000 {
		l.Fail("an idle program takes more than 0.1 %% of a processor")
	}
	close(stop)
	listener.Close()
	read.Close()
	write.Close()
	lock.Lock()
	cond.Broadcast()
	lock.Unlock()
	all.Wait()
	l.Done()
	l.Finish()
}
