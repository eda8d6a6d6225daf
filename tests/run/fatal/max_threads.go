// debug.SetMaxThreads: its value, and the end of a program that needs more.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
)

func child(how string) {
	switch how {
	case "values":
		fmt.Println(debug.SetMaxThreads(500), debug.SetMaxThreads(20000), debug.SetMaxThreads(10000))
		return
	case "locked":
		debug.SetMaxThreads(30)
		for range 100 {
			go func() {
				runtime.LockOSThread()
				select {}
			}()
			runtime.Gosched()
		}
	case "blocked":
		debug.SetMaxThreads(30)
		var ends [2]int
		syscall.Pipe(ends[:])
		for range 100 {
			go syscall.Read(ends[0], make([]byte, 1))
		}
	case "fewer":
		done := make(chan bool)
		for range 20 {
			go func() {
				runtime.LockOSThread()
				done <- true
				select {}
			}()
		}
		for range 20 {
			<-done
		}
		debug.SetMaxThreads(5)
	case "negative":
		debug.SetMaxThreads(-1)
	case "parked":
		// Goroutines that wait in the runtime need no thread.
		debug.SetMaxThreads(30)
		for range 10000 {
			go func() { select {} }()
		}
		runtime.Gosched()
		fmt.Println("enough")
		return
	}
	for {
		runtime.Gosched()
	}
}

func main() {
	if len(os.Args) > 1 {
		child(os.Args[1])
		return
	}
	for _, how := range []string{"values", "locked", "blocked", "fewer", "negative", "parked"} {
		cmd := exec.Command(os.Args[0], how)
		var errors strings.Builder
		cmd.Stderr = &errors
		out, err := cmd.Output()
		fmt.Printf("%s: %q %v\n", how, out, err)
		lines := strings.SplitAfter(errors.String(), "\n")
		fmt.Print(strings.Join(lines[:min(2, len(lines))], ""))
	}
}
