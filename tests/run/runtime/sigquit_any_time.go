// SIGQUIT and its like at any moment of programs that make goroutines, allocate, collect, panic,
// grow stacks and make system calls: always a report to its end and status 2.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"time"
)

type node struct{ left, right *node }

func tree(depth int) *node {
	if depth == 0 {
		return &node{}
	}
	return &node{tree(depth - 1), tree(depth - 1)}
}

//go:noinline
func deep(n int) int {
	if n == 0 {
		return 0
	}
	return deep(n-1) + 1
}

func turn(i int) {
	switch i % 6 {
	case 0:
		runtime.KeepAlive(tree(8))
	case 1:
		os.Stat("/")
	case 2:
		func() {
			defer func() { recover() }()
			var p *node
			p.left = nil
		}()
	case 3:
		deep(3000)
	case 4:
		var wg sync.WaitGroup
		wg.Go(func() { runtime.SetFinalizer(&node{}, func(*node) {}) })
		wg.Wait()
	case 5:
		fmt.Sprint(i, "text", 1.5)
	}
}

func child(what string) {
	debug.SetGCPercent(10)
	if what == "threads" {
		runtime.GOMAXPROCS(6)
	}
	fmt.Println("ready")
	for i := range 200 {
		go func() {
			for j := i; ; j++ {
				turn(j)
				if j%50 == 0 {
					runtime.Gosched()
				}
			}
		}()
	}
	if what == "panic" {
		time.Sleep(10 * time.Millisecond)
		panic("now")
	}
	select {}
}

var (
	goid = regexp.MustCompile(`(?m)^goroutine (\d+) .*\[.*\]:$`)
	// What a goroutine has at least.
	made = regexp.MustCompile(`(?m)^created by main\.child in goroutine 1$`)
)

// ours says whether this is not gc, whose reports lack a stack or have one twice now and then.
func ours() bool {
	pcs := make([]uintptr, 10)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs)])
	frame, _ := frames.Next()
	return strings.HasPrefix(frame.File, "goxide/")
}

func main() {
	if len(os.Args) > 1 {
		child(os.Args[1])
		return
	}
	kinds := []string{"one", "threads", "panic"}
	signals := []syscall.Signal{syscall.SIGQUIT, syscall.SIGABRT, syscall.SIGSEGV}
	for i := range 100 {
		cmd := exec.Command(os.Args[0], kinds[i%3])
		cmd.Env = append(os.Environ(), "GOTRACEBACK=all")
		var report strings.Builder
		cmd.Stderr = &report
		out, _ := cmd.StdoutPipe()
		cmd.Start()
		out.Read(make([]byte, 6))
		time.Sleep(time.Duration(i%23) * time.Millisecond)
		cmd.Process.Signal(signals[i/3%3])
		err := cmd.Wait()
		text := report.String()
		if err == nil || err.Error() != "exit status 2" {
			fmt.Println(i, err)
			fmt.Fprintln(os.Stderr, text)
			continue
		}
		if !ours() {
			continue
		}
		if strings.Contains(text, "unexpected") || strings.Contains(text, "stack unavailable") {
			fmt.Println(i, "was cut short")
			fmt.Fprintln(os.Stderr, text)
		}
		ids := map[string]bool{}
		for _, m := range goid.FindAllStringSubmatch(text, -1) {
			if ids[m[1]] && m[1] != "0" {
				fmt.Println(i, "goroutine twice", m[1])
			}
			ids[m[1]] = true
		}
		if n := len(made.FindAllString(text, -1)); n > 200 || !ids["1"] {
			fmt.Println(i, n, "goroutines", ids["1"])
			fmt.Fprintln(os.Stderr, text)
		}
	}
	fmt.Println("done")
}
