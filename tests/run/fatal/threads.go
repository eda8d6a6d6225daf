// Threads that the system refuses: a fatal error that says so, and an error of os/exec.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

type instruction struct {
	code   uint16
	jt, jf uint8
	k      uint32
}

type filter struct {
	length uint16
	_      [6]byte
	first  *instruction
}

// refuse makes clone and clone3 fail with EAGAIN in all threads of the process.
func refuse() {
	const (
		load     = 0x20 // of the word at offset k of the call's description
		jumpIf   = 0x15
		giveBack = 0x06
	)
	program := []instruction{
		{load, 0, 0, 0},
		{jumpIf, 2, 0, 56},
		{jumpIf, 1, 0, 435},
		{giveBack, 0, 0, 0x7fff0000},
		{giveBack, 0, 0, 0x00050000 | uint32(syscall.EAGAIN)},
	}
	const setNoNewPrivileges = 38
	if _, _, e := syscall.RawSyscall6(syscall.SYS_PRCTL, setNoNewPrivileges, 1, 0, 0, 0, 0); e != 0 {
		fmt.Println("prctl", e)
		os.Exit(3)
	}
	f := filter{length: uint16(len(program)), first: &program[0]}
	const seccomp, setFilter, allThreads = 317, 1, 1
	if _, _, e := syscall.RawSyscall(seccomp, setFilter, allThreads, uintptr(unsafe.Pointer(&f))); e != 0 {
		fmt.Println("seccomp", e)
		os.Exit(3)
	}
}

// spare leaves the runtime some threads, for system calls that take long on a busy machine.
func spare() {
	const threads = 8
	var ends [2]int
	syscall.Pipe(ends[:])
	var all sync.WaitGroup
	for range threads {
		all.Go(func() { syscall.Read(ends[0], make([]byte, 1)) })
	}
	for buffer := make([]byte, 1<<16); strings.Count(string(buffer[:runtime.Stack(buffer, true)]), " [syscall") < threads; {
		time.Sleep(time.Millisecond)
	}
	syscall.Write(ends[1], make([]byte, threads))
	all.Wait()
}

func child(how string) {
	runtime.GOMAXPROCS(1)
	spare()
	refuse()
	switch how {
	case "locked":
		for range 200 {
			go func() {
				runtime.LockOSThread()
				select {}
			}()
			runtime.Gosched()
		}
	case "blocked":
		var ends [2]int
		syscall.Pipe(ends[:])
		for range 200 {
			go syscall.Read(ends[0], make([]byte, 1))
			runtime.Gosched()
		}
		for {
		}
	case "recover":
		// It is not a panic.
		for range 200 {
			go func() {
				defer func() { fmt.Println("recovered", recover() != nil) }()
				runtime.LockOSThread()
				runtime.Gosched()
				select {}
			}()
			runtime.Gosched()
		}
	case "exec":
		fmt.Println(exec.Command("/bin/true").Run())
		return
	case "collect":
		runtime.GOMAXPROCS(4)
		for range 20 {
			runtime.GC()
		}
		fmt.Println("collected")
		os.Exit(0)
	}
	fmt.Println("nothing happened")
}

func main() {
	if len(os.Args) > 1 {
		child(os.Args[1])
		return
	}
	digits := regexp.MustCompile(`have \d+`)
	for _, how := range []string{"locked", "blocked", "recover", "exec"} {
		cmd := exec.Command(os.Args[0], how)
		var errors strings.Builder
		cmd.Stderr = &errors
		out, err := cmd.Output()
		fmt.Printf("%s: %q %v\n", how, out, err)
		lines := strings.SplitAfter(errors.String(), "\n")
		fmt.Print(digits.ReplaceAllString(strings.Join(lines[:min(3, len(lines))], ""), "have N"))
	}
}
