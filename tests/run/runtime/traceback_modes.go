// GOTRACEBACK in all its modes, SIGQUIT, SetTraceback: what is shown and the exit status.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"time"
)

//go:noinline
func inner(what string) {
	switch what {
	case "panic":
		panic("boom")
	case "fatal":
		select {}
	case "nil":
		var p *int
		*p = 1
	case "setpanic":
		debug.SetTraceback("none")
		panic("quiet")
	case "setall":
		debug.SetTraceback("all")
		panic("loud")
	case "quit":
		go func() {
			for !strings.Contains(stacks(), "goroutine 1 [sleep") {
				time.Sleep(time.Millisecond)
			}
			fmt.Println("ready")
		}()
		time.Sleep(time.Minute)
	}
}

// stacks shows all goroutines.
func stacks() string {
	b := make([]byte, 1<<16)
	return string(b[:runtime.Stack(b, true)])
}

//go:noinline
func parked(c chan int) { <-c }

func main() {
	if len(os.Args) > 1 {
		c := make(chan int)
		if os.Args[1] != "fatal" {
			go parked(c)
			for !strings.Contains(stacks(), "main.parked(") {
				time.Sleep(time.Millisecond)
			}
		}
		inner(os.Args[1])
		c <- 1
	}
	for _, what := range []string{"panic", "fatal", "nil", "setpanic", "setall"} {
		for _, mode := range []string{"", "none", "0", "single", "1", "all", "2", "system", "crash", "nonsense"} {
			cmd := exec.Command(os.Args[0], what)
			cmd.Env = append(os.Environ(), "GOTRACEBACK="+mode)
			cmd.Dir = os.TempDir()
			cmd.SysProcAttr = &syscall.SysProcAttr{}
			out, err := cmd.CombinedOutput()
			var ee *exec.ExitError
			errors.As(err, &ee)
			ws := ee.Sys().(syscall.WaitStatus)
			s := string(out)
			first, _, _ := strings.Cut(s, "\n")
			fmt.Println(what, mode, "|", first, "|", ee.ExitCode(), ws.Signaled(), "main.inner:", strings.Contains(s, "main.inner("), "parked:", strings.Contains(s, "main.parked("), "1:", strings.Contains(s, "goroutine 1 "))
		}
	}
	for _, mode := range []string{"", "none", "single", "all"} {
		cmd := exec.Command(os.Args[0], "quit")
		cmd.Env = append(os.Environ(), "GOTRACEBACK="+mode)
		var errs strings.Builder
		cmd.Stderr = &errs
		out, _ := cmd.StdoutPipe()
		cmd.Start()
		// It sleeps by then.
		out.Read(make([]byte, 6))
		cmd.Process.Signal(syscall.SIGQUIT)
		err := cmd.Wait()
		s := errs.String()
		first, _, _ := strings.Cut(s, "\n")
		fmt.Println("quit", mode, "|", first, "|", err, strings.Contains(s, "PC="), "main.inner:", strings.Contains(s, "main.inner("), "parked:", strings.Contains(s, "[chan receive]:"))
	}
}
