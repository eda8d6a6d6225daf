// os/exec: pipelines of processes, pipes in all directions, early ends, extra files, contexts,
// wait delays, environment, errors.
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
	"syscall"
	"time"
)

func sh(script string, args ...string) *exec.Cmd {
	return exec.Command("/bin/sh", append([]string{"-c", script, "sh"}, args...)...)
}

func pipeline() {
	gen := sh(`i=0; while [ $i -lt 1000 ]; do echo "line $i"; i=$((i+1)); done`)
	filter := sh(`grep 7 | sort -r`)
	count := sh(`wc -l`)
	var err error
	if filter.Stdin, err = gen.StdoutPipe(); err != nil {
		panic(err)
	}
	if count.Stdin, err = filter.StdoutPipe(); err != nil {
		panic(err)
	}
	var out bytes.Buffer
	count.Stdout = &out
	for _, c := range []*exec.Cmd{count, filter, gen} {
		if err := c.Start(); err != nil {
			panic(err)
		}
	}
	fmt.Println(gen.Wait(), filter.Wait(), count.Wait(), strings.TrimSpace(out.String()))
}

func dialogue() {
	c := sh(`while read x; do echo "got $x" ; [ "$x" = end ] && exit 3; done`)
	in, _ := c.StdinPipe()
	out, _ := c.StdoutPipe()
	c.Start()
	lines := bufio.NewScanner(out)
	for _, w := range []string{"one", "two", "end"} {
		fmt.Fprintln(in, w)
		lines.Scan()
		fmt.Println(lines.Text())
	}
	err := c.Wait()
	var exit *exec.ExitError
	fmt.Println(err, errors.As(err, &exit), exit.ExitCode(), exit.Success(), c.ProcessState.Exited())
	_, err = fmt.Fprintln(in, "late")
	fmt.Println(err != nil, c.Wait(), c.Start() != nil)
}

func earlyEnd() {
	c := sh(`head -c 10`)
	c.Stdin = io.LimitReader(zeros{}, 10<<20)
	out, err := c.Output()
	fmt.Println(len(out), err)
	c = sh(`exec 0<&-; sleep 0.05; echo done`)
	c.Stdin = strings.NewReader(strings.Repeat("x", 1<<20))
	out, err = c.CombinedOutput()
	fmt.Printf("%q %v\n", out, err)
	c = sh(`yes`)
	p, _ := c.StdoutPipe()
	c.Start()
	buf := make([]byte, 1000)
	n, err := io.ReadFull(p, buf)
	fmt.Println(n, err, p.Close())
	err = c.Wait()
	fmt.Println(err)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

type failing struct{}

func (failing) Write(p []byte) (int, error) { return 0, errors.New("writer fails") }

func failures() {
	_, err := exec.Command("/no/such/program").Output()
	fmt.Println(err, errors.Is(err, os.ErrNotExist))
	_, err = exec.Command("no-such-program-in-path").Output()
	fmt.Println(err, errors.Is(err, exec.ErrNotFound))
	_, err = exec.Command("/etc/passwd").Output()
	fmt.Println(err, errors.Is(err, os.ErrPermission))
	_, err = exec.LookPath("")
	fmt.Println(err)
	c := sh(`echo to stderr >&2; exit 4`)
	_, err = c.Output()
	var exit *exec.ExitError
	fmt.Println(errors.As(err, &exit), string(exit.Stderr))
	c = sh("echo x")
	c.Stdout = failing{}
	fmt.Println(c.Run())
	c = sh("true")
	c.Dir = "/no/such/dir"
	fmt.Println(c.Run())
	c = sh("kill -9 $$")
	err = c.Run()
	fmt.Println(err, c.ProcessState.Sys().(syscall.WaitStatus).Signal(), c.ProcessState.ExitCode())
	fmt.Println(new(exec.Cmd).Run(), (&exec.Cmd{Path: "/bin/true"}).Run())
	c = sh("true")
	c.Stdout = os.Stdout
	_, err = c.StdoutPipe()
	fmt.Println(err)
	_, err = c.Output()
	fmt.Println(err)
}

// hearing tells when something has been written to it.
type hearing struct {
	text  []byte
	heard chan bool
}

func (h *hearing) Write(b []byte) (int, error) {
	h.text = append(h.text, b...)
	h.heard <- true
	return len(b), nil
}

func contexts() {
	var ctx context.Context
	var cancel context.CancelFunc
	var c *exec.Cmd
	// Its time may be up before it has started: then it gets more.
	for limit, started := 50*time.Millisecond, false; !started; limit *= 2 {
		ctx, cancel = context.WithTimeout(context.Background(), limit)
		c = exec.CommandContext(ctx, "/bin/sleep", "60")
		if started = c.Start() == nil; started {
			fmt.Println(c.Wait(), ctx.Err())
		}
		cancel()
	}
	ctx, cancel = context.WithCancel(context.Background())
	c = exec.CommandContext(ctx, "/bin/sh", "-c", `trap 'echo asked; exit 9' TERM; echo ready; while :; do sleep 0.01; done`)
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	c.WaitDelay = time.Minute
	out, _ := c.StdoutPipe()
	c.Start()
	r := bufio.NewReader(out)
	line, _ := r.ReadString('\n')
	cancel()
	rest, _ := io.ReadAll(r)
	fmt.Printf("%q %q %v\n", line, rest, c.Wait())
	fmt.Println(exec.CommandContext(ctx, "/bin/true").Run())
	// A grandchild keeps the pipe open.
	c = sh(`sleep 30 & echo started`)
	c.WaitDelay = 50 * time.Millisecond
	heard := hearing{heard: make(chan bool, 1)}
	c.Stdout = &heard
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	err := c.Start()
	if err == nil {
		<-heard.heard
		err = c.Wait()
	}
	fmt.Printf("%v %v %q\n", err, errors.Is(err, exec.ErrWaitDelay), heard.text)
	syscall.Kill(-c.Process.Pid, syscall.SIGKILL)
}

func environment() {
	c := sh(`echo "$A|$B|$#|$1|$2"; cat <&3; echo to four >&4; pwd`, "first", "second word")
	c.Env = []string{"A=1", "B=old", "B=new", "PWD=/wrong"}
	c.Dir = "/"
	r, w, _ := os.Pipe()
	r4, w4, _ := os.Pipe()
	c.ExtraFiles = []*os.File{r, w4}
	go func() { fmt.Fprint(w, "through three\n"); w.Close() }()
	out, err := c.CombinedOutput()
	w4.Close()
	four, _ := io.ReadAll(r4)
	fmt.Printf("%s%v %q\n", out, err, four)
	fmt.Println(c.String(), len(c.Environ()) >= 3)
	var both bytes.Buffer
	c = sh(`echo out; echo err >&2; echo out again`)
	c.Stdout, c.Stderr = &both, &both
	fmt.Println(c.Run(), both.String() == "out\nerr\nout again\n")
	c = exec.Command("/bin/sh")
	c.Args[0] = "renamed"
	c.Stdin = strings.NewReader("echo $0")
	out, err = c.Output()
	fmt.Printf("%s%v\n", out, err)
	p, err := os.StartProcess("/bin/sh", []string{"sh", "-c", "exit 5"}, &os.ProcAttr{Files: []*os.File{nil, os.Stdout, nil}})
	st, err2 := p.Wait()
	fmt.Println(err, st, err2, p.Signal(os.Interrupt), p.Release())
}

func main() {
	pipeline()
	dialogue()
	earlyEnd()
	failures()
	contexts()
	environment()
}
