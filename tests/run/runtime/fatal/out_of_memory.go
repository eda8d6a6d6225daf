// An allocation that the system refuses is a fatal error, not a panic.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

var n = 1 << 47

func main() {
	if len(os.Args) > 1 {
		defer func() { fmt.Println("recovered", recover()) }()
		fmt.Println(len(make([]byte, n)))
		return
	}
	out, err := exec.Command(os.Args[0], "child").CombinedOutput()
	var exit *exec.ExitError
	fmt.Println(errors.As(err, &exit), exit.ExitCode())
	first, rest, _ := strings.Cut(string(out), "\n")
	first, _, _ = strings.Cut(first, " (")
	second, _, _ := strings.Cut(rest, "\n")
	fmt.Println(first)
	fmt.Println(second)
}
