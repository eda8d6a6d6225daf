// A signal that came before signal.Stop is in the channel after it.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
)

// send makes a signal come to this thread, which has handled it when the call returns.
func send(s syscall.Signal) {
	syscall.RawSyscall(syscall.SYS_TGKILL, uintptr(os.Getpid()), uintptr(syscall.Gettid()), uintptr(s))
}

func main() {
	runtime.LockOSThread()
	const rounds = 300
	came := 0
	for range rounds {
		c := make(chan os.Signal, 3)
		signal.Notify(c, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGWINCH)
		send(syscall.SIGUSR2)
		send(syscall.SIGUSR1)
		send(syscall.SIGWINCH)
		signal.Stop(c)
		came += len(c)
	}
	fmt.Println(came == 3*rounds)
}
