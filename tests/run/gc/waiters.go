// What a goroutine waits for stays where it is, even if the goroutine is all that knows of it:
// else something new in its place would wake the wrong one.
package main

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
)

// slot is the only place that knows of a lock or channel.
type slot struct {
	lock *sync.RWMutex
	ch   chan int
	cond *sync.Cond
}

var gone atomic.Int32

// The operand of each wait is in a register, and nobody needs it afterwards.

//go:noinline
func read(s *slot) {
	lock := s.lock
	s.lock = nil
	lock.RLock()
	gone.Add(1)
}

//go:noinline
func receive(s *slot) {
	ch := s.ch
	s.ch = nil
	<-ch
	gone.Add(1)
}

// waiting counts the goroutines that wait for this reason.
func waiting(reason string) int {
	dump := make([]byte, 4<<20)
	dump = dump[:runtime.Stack(dump, true)]
	return strings.Count(string(dump), "["+reason)
}

func until(n int, reason string) {
	for waiting(reason) < n {
		runtime.Gosched()
	}
}

const leaked, others = 200, 1000

func main() {
	slots := make([]slot, leaked)
	for i := range slots {
		s := &slots[i]
		s.lock = new(sync.RWMutex)
		s.lock.Lock()
		s.ch = make(chan int)
		go read(s)
		go receive(s)
	}
	until(leaked, "sync.RWMutex.RLock")
	until(leaked, "chan receive")
	for range 3 {
		runtime.GC()
	}

	// Of locks that look the same some would lie where those were.
	var locks [others]*sync.RWMutex
	for i := range locks {
		locks[i] = new(sync.RWMutex)
		locks[i].Lock()
	}
	var all sync.WaitGroup
	for _, lock := range locks {
		all.Go(lock.RLock)
	}
	until(leaked+others, "sync.RWMutex.RLock")
	for _, lock := range locks {
		lock.Unlock()
	}
	all.Wait()
	fmt.Println("all read; woken by others:", gone.Load())
}
