// A signal without a handler ends the program.
package main

import (
	"os"
	"syscall"
	"time"
)

func main() {
	syscall.Kill(os.Getpid(), syscall.SIGTERM)
	time.Sleep(10 * time.Second)
}
