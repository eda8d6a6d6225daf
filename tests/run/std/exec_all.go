// os/exec: output, input, pipes, environment, exit codes, signals, contexts, many children at once.
package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

func main() {
	if os.Getenv("GX_CHILD") == "1" {
		child()
		return
	}
	out, err := exec.Command("echo", "a b", "$HOME").Output()
	fmt.Printf("%q %v\n", out, err)
	out, err = exec.Command("sh", "-c", "echo out; echo err >&2; exit 3").CombinedOutput()
	var ee *exec.ExitError
	fmt.Printf("%q %v %t %d\n", out, err, errors.As(err, &ee), ee.ExitCode())
	_, err = exec.Command("sh", "-c", "echo complaint >&2; exit 1").Output()
	errors.As(err, &ee)
	fmt.Printf("%q %v %v %v\n", ee.Stderr, ee.Success(), ee.Exited(), ee.Pid() > 0)
	cmd := exec.Command("tr", "a-z", "A-Z")
	cmd.Stdin = strings.NewReader("to upper")
	var so bytes.Buffer
	cmd.Stdout = &so
	fmt.Println(cmd.Run(), so.String(), cmd.ProcessState, cmd.ProcessState.ExitCode(), cmd)
	_, err = exec.LookPath("no-such-program-here")
	fmt.Println(err, errors.Is(err, exec.ErrNotFound))
	fmt.Println(exec.Command("no-such-program-here").Run())
	fmt.Println(exec.Command("/no/such/path").Run())
	fmt.Println(exec.Command("/etc/hostname").Run())
	cmd = exec.Command("sh", "-c", "pwd; echo $A-$B-$PWD")
	cmd.Dir = "/usr"
	cmd.Env = []string{"A=1", "B=2", "A=3"}
	out, err = cmd.Output()
	fmt.Printf("%s %v\n", out, err)
	self, _ := os.Executable()
	cmd = exec.Command(self)
	cmd.Env = append(os.Environ(), "GX_CHILD=1")
	stdin, _ := cmd.StdinPipe()
	stdout, _ := cmd.StdoutPipe()
	r, w, _ := os.Pipe()
	cmd.ExtraFiles = []*os.File{w}
	fmt.Println(cmd.Start(), cmd.Start())
	w.Close()
	sc := bufio.NewScanner(stdout)
	for _, l := range []string{"one", "two"} {
		fmt.Fprintln(stdin, l)
		sc.Scan()
		fmt.Println(sc.Text())
	}
	stdin.Close()
	extra, _ := io.ReadAll(r)
	fmt.Println(string(extra), cmd.Wait(), cmd.Wait())
	cmd = exec.Command("sleep", "100")
	cmd.Start()
	cmd.Process.Kill()
	err = cmd.Wait()
	errors.As(err, &ee)
	ws := ee.Sys().(syscall.WaitStatus)
	fmt.Println(err, ee.ExitCode(), ws.Signaled(), ws.Signal(), cmd.Process.Signal(os.Interrupt))
	// Its time may be up before it has started: then it gets more.
	for limit := 20 * time.Millisecond; ; limit *= 2 {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		cmd = exec.CommandContext(ctx, "sleep", "100")
		cmd.Cancel = func() error { fmt.Println("cancel"); return cmd.Process.Signal(syscall.SIGTERM) }
		cmd.WaitDelay = time.Minute
		started := cmd.Start() == nil
		if started {
			fmt.Println(cmd.Wait())
		}
		cancel()
		if started {
			break
		}
	}
	// Likewise if the delay was too short for reading what there is.
	out = nil
	for delay := 10 * time.Millisecond; len(out) == 0; delay *= 2 {
		cmd = exec.Command("sh", "-c", "sleep 100 & echo started")
		cmd.WaitDelay = delay
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		out, err = cmd.Output()
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
	fmt.Printf("%q %v\n", out, err)
	// A pipeline of three processes.
	a, b, c := exec.Command("printf", "3\\n1\\n2\\n1\\n"), exec.Command("sort", "-n"), exec.Command("uniq", "-c")
	b.Stdin, _ = a.StdoutPipe()
	c.Stdin, _ = b.StdoutPipe()
	so.Reset()
	c.Stdout = &so
	c.Start()
	b.Start()
	fmt.Println(a.Run(), b.Wait(), c.Wait(), strings.Fields(so.String()))
	big := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	cmd = exec.Command("cat")
	cmd.Stdin = bytes.NewReader(big)
	out, err = cmd.Output()
	fmt.Println(bytes.Equal(out, big), err)
	var wg sync.WaitGroup
	var good atomic.Int32
	sem := make(chan bool, 8)
	for i := range 60 {
		wg.Go(func() {
			sem <- true
			defer func() { <-sem }()
			out, err := exec.Command("echo", "-n", fmt.Sprint("n", i)).Output()
			if err == nil && string(out) == fmt.Sprint("n", i) {
				good.Add(1)
			}
		})
	}
	wg.Wait()
	fmt.Println(good.Load())
	p, err := os.StartProcess("/bin/sh", []string{"sh", "-c", "exit 9"}, &os.ProcAttr{Files: []*os.File{nil, nil, nil}})
	st, err2 := p.Wait()
	fmt.Println(err, err2, st, st.ExitCode(), st.UserTime() >= 0)
	fmt.Println(p.Kill())
}

func child() {
	sc := bufio.NewScanner(os.Stdin)
	for sc.Scan() {
		fmt.Println("child:", sc.Text())
	}
	os.NewFile(3, "extra").WriteString("on descriptor 3")
}
