// Goroutines in system calls have their whole stacks in every kind of dump, however often the
// code of the call has used the stack since.
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"runtime/pprof"
	"strings"
	"syscall"
	"time"
)

//go:noinline
func reads(fd int) {
	var b [1]byte
	syscall.Read(fd, b[:])
}

//go:noinline
func waits(c *exec.Cmd) {
	c.Wait()
}

//go:noinline
func locks(f *os.File) {
	syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
}

//go:noinline
func deep(n, fd int) {
	var room [64]int
	if n > 0 {
		deep(n-1, fd)
	} else {
		var b [1]byte
		syscall.Read(fd, b[:])
	}
	room[n%64]++
}

var (
	call = regexp.MustCompile(`(?m)^([\w./*()]+)\(.*\)$`)
	away = regexp.MustCompile(`(?m)^\t.*\n?|^created by.*\n?|^runtime\..*\n?|^.*gowrap.*\n?| gp=\S+| mp=\S+| m=\S+`)
	goid = regexp.MustCompile(`goroutine \d+`)
)

// find gives the functions of the goroutine whose stack has this one.
func find(dump, function string) string {
	for block := range strings.SplitSeq(dump, "\n\n") {
		if !strings.Contains(block, "main."+function+"(") {
			continue
		}
		block = away.ReplaceAllString(block+"\n", "")
		block = call.ReplaceAllString(block, "$1")
		block = goid.ReplaceAllString(block, "goroutine")
		// As a signal finds it, or a stopped world, it may be a few frames deeper.
		lines := strings.Split(strings.TrimSpace(block), "\n")
		for len(lines) > 1 && !strings.HasPrefix(lines[1], "syscall.Syscall") {
			lines = append(lines[:1], lines[2:]...)
		}
		if function == "deep" {
			lines = lines[:5]
		}
		return strings.Join(lines, "\n")
	}
	return function + ": not there"
}

func all() string {
	b := make([]byte, 1<<20)
	return string(b[:runtime.Stack(b, true)])
}

func profile() string {
	var b bytes.Buffer
	pprof.Lookup("goroutine").WriteTo(&b, 2)
	return b.String()
}

// open keeps files from being closed.
var open []*os.File

func block(quiet bool) {
	var p [2]int
	syscall.Pipe(p[:])
	go reads(p[0])
	go deep(200, p[0])
	sleep := exec.Command("sleep", "60")
	sleep.Start()
	go waits(sleep)
	one, _ := os.CreateTemp("", "lock")
	defer os.Remove(one.Name())
	syscall.Flock(int(one.Fd()), syscall.LOCK_EX)
	two, _ := os.Open(one.Name())
	go locks(two)
	open = append(open, one, two)
	for strings.Count(all(), "[syscall") < 4 {
		time.Sleep(time.Millisecond)
	}
	if quiet {
		return
	}
	for name, dump := range map[string]string{"Stack": all(), "profile": profile()} {
		for _, f := range []string{"reads", "deep", "waits", "locks"} {
			got := find(dump, f)
			if name == "Stack" {
				fmt.Println(got)
			} else if other := find(all(), f); got != other {
				fmt.Println("profile:", got, "and not", other)
			}
		}
	}
	sleep.Process.Kill()
}

func child(how string) {
	block(true)
	switch how {
	case "panic":
		panic("dump")
	case "read":
		fmt.Println("ready")
		var b [1]byte
		syscall.Read(0, b[:])
	}
}

func main() {
	if len(os.Args) > 1 {
		child(os.Args[1])
		return
	}
	block(false)
	for _, how := range []string{"panic", "read"} {
		cmd := exec.Command(os.Args[0], how)
		cmd.Env = append(os.Environ(), "GOTRACEBACK=all")
		in, _ := cmd.StdinPipe()
		out, _ := cmd.StdoutPipe()
		var report strings.Builder
		cmd.Stderr = &report
		// The grandchild is to end as well.
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		cmd.Start()
		if how == "read" {
			out.Read(make([]byte, 6))
			time.Sleep(20 * time.Millisecond)
			cmd.Process.Signal(syscall.SIGQUIT)
		}
		err := cmd.Wait()
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		in.Close()
		fmt.Println("==", how, err)
		for _, f := range []string{"reads", "deep", "waits", "locks", "child"} {
			if how == "panic" && f == "child" {
				continue
			}
			fmt.Println(find(report.String(), f))
		}
	}
}
