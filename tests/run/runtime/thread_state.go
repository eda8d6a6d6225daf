// What a goroutine does to the thread it has locked stays with that thread: those that are
// started meanwhile do not inherit it.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

const setName = 15 // PR_SET_NAME

// name is that of the thread which the caller happens to be on.
func name() string {
	b, err := os.ReadFile("/proc/thread-self/comm")
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(b))
}

func rename(to string) {
	b := append([]byte(to), 0)
	syscall.RawSyscall(syscall.SYS_PRCTL, setName, uintptr(unsafe.Pointer(&b[0])), 0)
	runtime.KeepAlive(b)
}

func main() {
	const rounds, each = 5, 40
	usual := name()
	others := 0
	for range rounds {
		names := make(chan string, each)
		done := make(chan bool)
		go func() {
			// Never unlocked: the thread ends with the goroutine.
			runtime.LockOSThread()
			rename("changed")
			for range each {
				go func() {
					n := name()
					// Threads have to be made for the others.
					syscall.Select(0, nil, nil, nil, &syscall.Timeval{Usec: 20_000})
					names <- n
				}()
			}
			for end := time.Now().Add(10 * time.Millisecond); time.Now().Before(end); {
			}
			done <- name() == "changed"
		}()
		if !<-done {
			fmt.Println("the thread has lost its name")
		}
		for range each {
			if n := <-names; n != usual {
				others++
				fmt.Println(n)
			}
		}
	}
	fmt.Println("threads with a name of another's:", others)
}
