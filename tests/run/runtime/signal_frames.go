// The report of a signal begins with the goroutine that it found, whatever that was doing:
// with the system call that sent it.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

//go:noinline
func sends(signal syscall.Signal, how string) {
	switch how {
	case "raw":
		syscall.RawSyscall(syscall.SYS_TGKILL, uintptr(os.Getpid()), uintptr(syscall.Gettid()), uintptr(signal))
	case "announced":
		syscall.Syscall(syscall.SYS_TGKILL, uintptr(os.Getpid()), uintptr(syscall.Gettid()), uintptr(signal))
	default:
		syscall.Kill(os.Getpid(), signal)
	}
	select {}
}

func main() {
	if len(os.Args) > 2 {
		number, _ := strconv.Atoi(os.Args[1])
		sends(syscall.Signal(number), os.Args[2])
	}
	for _, signal := range []syscall.Signal{syscall.SIGABRT, syscall.SIGSEGV, syscall.SIGSYS, syscall.SIGQUIT, syscall.SIGFPE} {
		for _, how := range []string{"raw", "announced", "kill"} {
			report, err := exec.Command(os.Args[0], strconv.Itoa(int(signal)), how).CombinedOutput()
			fmt.Println(int(signal), how, err)
			for block := range strings.SplitSeq(string(report), "\n\n") {
				if !strings.HasPrefix(block, "goroutine 1 ") {
					continue
				}
				for line := range strings.Lines(block) {
					name, _, _ := strings.Cut(line, "(")
					switch name {
					case "syscall.Kill", "syscall.RawSyscall", "syscall.Syscall", "main.sends", "main.main":
						fmt.Println("\t" + name)
					}
				}
			}
		}
	}
}
