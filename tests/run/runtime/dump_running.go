// A dying program shows what its other threads were doing, in loops without calls and in the
// middle of the runtime: by SIGQUIT ("where does it spin?"), by a panic, by a fatal error.
package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

var started sync.WaitGroup

//go:noinline
func spins(n int) {
	started.Done()
	for {
		n++
	}
}

//go:noinline
func appends() {
	started.Done()
	var s []int
	for {
		s = append(s, 1)
		if len(s) > 1000 {
			s = nil
		}
	}
}

//go:noinline
func copies(a, b []byte) {
	started.Done()
	for {
		copy(a, b)
	}
}

//go:noinline
func hashes(b []byte) {
	started.Done()
	for {
		sha256.Sum256(b)
	}
}

//go:noinline
func calls() {
	started.Done()
	for {
		os.Getppid()
	}
}

//go:noinline
func recurses(n int) int {
	if n == 0 {
		return 0
	}
	return recurses(n-1) + 1
}

//go:noinline
func grows() {
	started.Done()
	for {
		go recurses(10)
		recurses(10000)
	}
}

var functions = []string{"main.spins(", "main.appends(", "main.copies(", "main.hashes(", "main.calls(", "main.grows("}

func child(how string) {
	runtime.GOMAXPROCS(8)
	started.Add(6)
	b := make([]byte, 1<<20)
	go spins(1)
	go appends()
	go copies(make([]byte, 1<<20), b)
	go hashes(b)
	go calls()
	go grows()
	started.Wait()
	time.Sleep(3 * time.Millisecond)
	switch how {
	case "quit":
		fmt.Println("ready")
		select {}
	case "busy":
		fmt.Println("ready")
		for {
		}
	case "panic":
		panic("enough")
	case "fatal":
		var mu sync.Mutex
		mu.Unlock()
	case "both":
		// Whoever is second waits for the end.
		go func() { panic("one") }()
		panic("another")
	}
}

// ours says whether this is not gc. That gives up on a thread that the system does not run for
// some milliseconds, and with these goroutines a panic of its takes minutes now and then.
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
	hows := []string{"quit", "busy", "panic", "fatal", "both"}
	if !ours() {
		hows = nil
	}
	for _, how := range hows {
		for range 6 {
			cmd := exec.Command(os.Args[0], how)
			cmd.Env = append(os.Environ(), "GOTRACEBACK=all")
			out, _ := cmd.StdoutPipe()
			var report strings.Builder
			cmd.Stderr = &report
			cmd.Start()
			if how == "quit" || how == "busy" {
				out.Read(make([]byte, 6))
				time.Sleep(2 * time.Millisecond)
				cmd.Process.Signal(syscall.SIGQUIT)
			}
			if err := cmd.Wait(); err == nil || err.Error() != "exit status 2" {
				fmt.Println(how, err)
			}
			text := report.String()
			for _, f := range functions {
				// (The beginning of a very deep stack is enough.)
				found := strings.Contains(text, "\n"+f)
				if f == "main.grows(" {
					found = found || strings.Contains(text, "\nmain.recurses(")
				}
				if !found {
					fmt.Println(how, "without", f)
					fmt.Fprintln(os.Stderr, text)
				}
			}
			if how != "quit" && !strings.Contains(text, "\nmain.child(") && !strings.Contains(text, "\nmain.child.func1(") {
				fmt.Println(how, "without main.child")
			}
		}
	}
	fmt.Println("done")
}
