// LockOSThread: the thread stays, is nobody else's, and ends with its goroutine.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"syscall"
	"time"
)

var inInit int

func init() {
	runtime.LockOSThread()
	inInit = syscall.Gettid()
}

func exists(thread int) bool {
	_, err := os.Stat(fmt.Sprint("/proc/self/task/", thread))
	return err == nil
}

// gone waits for the end of a thread.
func gone(thread int) bool {
	for range 1000 {
		if !exists(thread) {
			return true
		}
		time.Sleep(time.Millisecond)
	}
	return false
}

// moves does what makes a goroutine change threads.
func moves() {
	c := make(chan bool)
	for range 20 {
		go func() { c <- true }()
		<-c
		runtime.Gosched()
		time.Sleep(10 * time.Microsecond)
	}
}

func main() {
	// What init has locked stays locked to the main thread.
	fmt.Println("main thread:", inInit == os.Getpid(), syscall.Gettid() == inInit)
	moves()
	fmt.Println("still:", syscall.Gettid() == inInit)
	others := make(chan int)
	for range 10 {
		go func() {
			moves()
			others <- syscall.Gettid()
		}()
	}
	shared := false
	for range 10 {
		shared = shared || <-others == inInit
	}
	fmt.Println("another goroutine on it:", shared)

	// Calls nest.
	threads := make(chan int)
	again := make(chan bool)
	go func() {
		runtime.LockOSThread()
		runtime.LockOSThread()
		first := syscall.Gettid()
		runtime.UnlockOSThread()
		moves()
		threads <- first
		threads <- syscall.Gettid()
		runtime.UnlockOSThread()
		runtime.UnlockOSThread() // one too many is nothing
		<-again
		threads <- first
	}()
	first, second := <-threads, <-threads
	fmt.Println("nested:", first == second)
	again <- true
	<-threads
	time.Sleep(10 * time.Millisecond)
	fmt.Println("the thread of one that unlocked is there:", exists(first))

	// A goroutine that ends locked takes its thread along, however it ends. (The main thread
	// would stay, but main has that.)
	for _, end := range []struct {
		how string
		f   func()
	}{
		{"return", func() {}},
		{"Goexit", func() { runtime.Goexit() }},
		{"Goexit under a panic", func() {
			defer func() { recover() }()
			defer runtime.Goexit()
			panic(1)
		}},
		{"recovered", func() {
			defer func() { recover() }()
			panic(1)
		}},
	} {
		go func() {
			runtime.LockOSThread()
			threads <- syscall.Gettid()
			end.f()
		}()
		fmt.Println(end.how+", ends:", gone(<-threads))
	}

	runtime.UnlockOSThread()

	// Locked goroutines that wait for one another.
	var group sync.WaitGroup
	ping, pong := make(chan int), make(chan int)
	sum := 0
	group.Go(func() {
		runtime.LockOSThread()
		own := syscall.Gettid()
		for i := range 500 {
			ping <- i
			sum += <-pong
		}
		close(ping)
		fmt.Println("same thread:", own == syscall.Gettid())
	})
	group.Go(func() {
		runtime.LockOSThread()
		for v := range ping {
			pong <- 2 * v
		}
	})
	group.Wait()
	fmt.Println(sum)

	// Those a locked one starts are not locked.
	runtime.LockOSThread()
	own := syscall.Gettid()
	child := make(chan bool)
	go func() { child <- syscall.Gettid() != own }()
	fmt.Println("child elsewhere:", <-child)
	// Locked while GOMAXPROCS changes.
	for _, n := range []int{1, 4, 1, 2} {
		runtime.GOMAXPROCS(n)
		moves()
	}
	fmt.Println("same thread:", own == syscall.Gettid())
}
