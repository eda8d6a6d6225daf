// What a dump of all goroutines says that each is waiting for.
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

func main() {
	c, full := make(chan int), make(chan int)
	var nilc chan int
	var mu sync.Mutex
	var rw, rw2 sync.RWMutex
	var wg, started sync.WaitGroup
	cond := sync.NewCond(&sync.Mutex{})
	mu.Lock()
	rw.Lock()
	rw2.RLock()
	wg.Add(1)
	r, w, _ := os.Pipe()
	defer w.Close() // or a collection would
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	start := func(f func()) {
		started.Add(1)
		go func() { started.Done(); f() }()
	}
	start(func() { <-c })
	start(func() { full <- 1 })
	start(func() { <-nilc })
	start(func() { nilc <- 1 })
	start(func() { select {} })
	start(func() {
		select {
		case <-c:
		case full <- 2:
		}
	})
	start(func() { mu.Lock() })
	start(func() { rw.RLock() })
	start(func() { rw2.Lock() })
	start(func() { wg.Wait() })
	start(func() { cond.L.Lock(); cond.Wait() })
	start(func() { time.Sleep(time.Hour) })
	start(func() { r.Read(make([]byte, 1)) })
	start(func() { l.Accept() })
	start(func() {
		for range c {
		}
	})
	start(func() {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		<-ctx.Done()
	})
	started.Wait()
	re := regexp.MustCompile(`(?m)^goroutine \d+ \[(.*)\]:$`)
	var reasons []string
	for range 100 {
		time.Sleep(5 * time.Millisecond)
		buf := make([]byte, 1<<20)
		dump := string(buf[:runtime.Stack(buf, true)])
		reasons = nil
		for _, m := range re.FindAllStringSubmatch(dump, -1) {
			reasons = append(reasons, m[1])
		}
		slices.Sort(reasons)
		if !slices.ContainsFunc(reasons, func(s string) bool { return strings.HasPrefix(s, "runnable") }) {
			break
		}
	}
	for _, r := range reasons {
		fmt.Println(r)
	}
}
