// Writing to a closed pipe as standard output ends the program by SIGPIPE; other pipes give an error.
package main

import (
	"fmt"
	"os"
	"syscall"
)

func main() {
	r, w, _ := os.Pipe()
	r.Close()
	_, err := w.Write([]byte("x"))
	fmt.Println(err)
	r, w, _ = os.Pipe()
	r.Close()
	syscall.Dup2(int(w.Fd()), 1)
	fmt.Println("gone")
	fmt.Fprintln(os.Stderr, "not reached")
}
