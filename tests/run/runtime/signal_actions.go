// What signals do that nobody asked for: some end the program, some are reported like a
// crash, most do nothing. And what Notify, Ignore and Reset make of them.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// child does what it is told and waits for signals. SIGHUP is never touched: whoever is
// asked by SIGCONT is alive.
func child(how string, s syscall.Signal) {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGCONT)
	got := make(chan os.Signal, 1)
	switch how {
	case "notify":
		signal.Notify(got, s)
	case "ignore":
		signal.Ignore(s)
	case "reset":
		signal.Notify(got, s)
		signal.Reset(s)
	case "ignore, notify":
		signal.Ignore(s)
		signal.Notify(got, s)
	case "stop":
		signal.Notify(got, s)
		signal.Stop(got)
	}
	fmt.Println("ready")
	select {
	case <-asked:
		// Both may have come.
		select {
		case n := <-got:
			fmt.Println("got", n)
		default:
			fmt.Println("nothing")
		}
	case n := <-got:
		fmt.Println("got", n)
	}
	os.Exit(0)
}

var (
	sleeps  = regexp.MustCompile(`(?m)^State:\t[SZX]`)
	pending = regexp.MustCompile(`(?m)^(Shd|Sig)Pnd:\t.*[1-9a-f]`)
)

// asleep tells whether no thread of a process runs, could, or has a signal to take.
func asleep(pid int) bool {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	for _, thread := range threads {
		text, err := os.ReadFile(thread)
		if err == nil && (!sleeps.Match(text) || pending.Match(text) && !bytes.Contains(text, []byte("State:\tZ"))) {
			return false
		}
	}
	return true
}

// send gives what the child printed, how it ended, and the report's first line.
func send(how string, s syscall.Signal) string {
	cmd := exec.Command(os.Args[0], how, fmt.Sprint(int(s)))
	var report strings.Builder
	cmd.Stderr = &report
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err.Error()
	}
	if err := cmd.Start(); err != nil {
		return err.Error()
	}
	lines := bufio.NewScanner(out)
	lines.Scan()
	cmd.Process.Signal(s)
	// It is asked when it has come to rest again, or to its end.
	for calm := 0; calm < 5; calm++ {
		time.Sleep(time.Millisecond)
		if !asleep(cmd.Process.Pid) {
			calm = -1
		}
	}
	cmd.Process.Signal(syscall.SIGCONT)
	last := ""
	for lines.Scan() {
		last = lines.Text()
	}
	end := "exit 0"
	var failed *exec.ExitError
	if errors.As(cmd.Wait(), &failed) {
		end = failed.Error()
	}
	first, _, _ := strings.Cut(report.String(), "\n")
	return fmt.Sprintf("%q, %s, %q", last, end, first)
}

func main() {
	if len(os.Args) > 1 {
		var n int
		fmt.Sscan(os.Args[2], &n)
		child(os.Args[1], syscall.Signal(n))
	}
	// Whoever runs this may ignore them, and children would, too.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP, syscall.SIGINT)
	all := []syscall.Signal{
		syscall.SIGHUP, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGILL, syscall.SIGTRAP,
		syscall.SIGABRT, syscall.SIGBUS, syscall.SIGFPE, syscall.SIGUSR1, syscall.SIGSEGV,
		syscall.SIGUSR2, syscall.SIGPIPE, syscall.SIGALRM, syscall.SIGTERM, syscall.SIGSTKFLT,
		syscall.SIGCHLD, syscall.SIGURG, syscall.SIGXCPU, syscall.SIGXFSZ, syscall.SIGVTALRM,
		syscall.SIGPROF, syscall.SIGWINCH, syscall.SIGIO, syscall.SIGPWR, syscall.SIGSYS,
		35, 50, 64,
	}
	for _, s := range all {
		fmt.Println(int(s), s, "|", send("", s))
	}
	for _, how := range []string{"notify", "ignore", "reset", "ignore, notify", "stop"} {
		for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGABRT, syscall.SIGSEGV, syscall.SIGILL, 40} {
			fmt.Println(how, s, "|", send(how, s))
		}
	}
}
