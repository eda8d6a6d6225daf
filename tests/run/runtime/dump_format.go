// The fields of goroutine dumps: states, locks to threads, labels, bubbles, who made whom,
// and what GOTRACEBACK=system and a fatal signal add.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

var numbers = []struct {
	what *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`0x[0-9a-f]+`), "ADDR"},
	{regexp.MustCompile(`goroutine \d+`), "goroutine N"},
	{regexp.MustCompile(`m=\d+`), "m=N"},
	{regexp.MustCompile(`(?m)^rflags .*$`), "rflags ADDR"},
}

func plain(s string) string {
	for _, n := range numbers {
		s = n.what.ReplaceAllString(s, n.with)
	}
	return s
}

// headers gives the sorted first lines of all goroutines.
func headers(dump string) []string {
	var list []string
	for line := range strings.Lines(dump) {
		if strings.HasPrefix(line, "goroutine ") {
			list = append(list, plain(strings.TrimSpace(line)))
		}
	}
	slices.Sort(list)
	return list
}

func all() string {
	b := make([]byte, 1<<20)
	return string(b[:runtime.Stack(b, true)])
}

// settle waits until nobody is runnable.
func settle() {
	for strings.Contains(all(), "[runnable") {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(5 * time.Millisecond)
}

func states() {
	var mutex sync.Mutex
	mutex.Lock()
	stop := make(chan bool)
	go func() {
		runtime.LockOSThread()
		<-stop
	}()
	go func() {
		mutex.Lock()
		mutex.Unlock()
	}()
	labels := pprof.Labels("a key", "v\n\"1", "b", "x.y/z_9", "c", "é", "d", "")
	pprof.Do(context.Background(), labels, func(context.Context) {
		go func() { <-stop }()
	})
	runtime.LockOSThread()
	settle()
	fmt.Println(strings.Join(headers(all()), "\n"))
	os.Setenv("GODEBUG", "tracebacklabels=0")
	runtime.UnlockOSThread()
	fmt.Println(strings.Join(headers(all()), "\n"))
	os.Setenv("GODEBUG", "")
	mutex.Unlock()
	close(stop)
	// A goroutine that a timer's function is has no parent.
	told := make(chan string)
	time.AfterFunc(time.Millisecond, func() {
		b := make([]byte, 1<<16)
		told <- string(b[:runtime.Stack(b, false)])
	})
	made := regexp.MustCompile(`(?m)^created by.*$`)
	fmt.Println(made.FindString(<-told))
	go func() {
		b := make([]byte, 1<<16)
		told <- string(b[:runtime.Stack(b, false)])
	}()
	fmt.Println(plain(made.FindString(<-told)))
	// Goroutines that have not begun have a frame all the same.
	runtime.GOMAXPROCS(1)
	go fresh()
	dump := all()
	at := strings.Index(dump, "main.fresh")
	fmt.Println(at > 0 && strings.Contains(dump[:at], "[runnable]"))
}

//go:noinline
func fresh() { fmt.Print() }

//go:noinline
func waits(c chan int) { <-c }

func child(what string) {
	c := make(chan int)
	go waits(c)
	settle()
	switch what {
	case "panic":
		panic("what")
	case "quit":
		fmt.Println("ready")
		time.Sleep(time.Minute)
	case "busy":
		fmt.Println("ready")
		for {
		}
	}
}

var sleeps = regexp.MustCompile(`(?m)^State:\tS`)

// asleep tells whether no thread of a process runs or could.
func asleep(pid int) bool {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	for _, thread := range threads {
		text, err := os.ReadFile(thread)
		if err == nil && !sleeps.Match(text) {
			return false
		}
	}
	return true
}

// run gives a child's report.
func run(what, traceback string) (string, error) {
	cmd := exec.Command(os.Args[0], what)
	cmd.Env = append(os.Environ(), "GOTRACEBACK="+traceback)
	var report strings.Builder
	cmd.Stderr = &report
	out, _ := cmd.StdoutPipe()
	cmd.Start()
	if what != "panic" {
		out.Read(make([]byte, 6))
		for what == "quit" && !asleep(cmd.Process.Pid) {
			time.Sleep(time.Millisecond)
		}
		cmd.Process.Signal(syscall.SIGQUIT)
	}
	err := cmd.Wait()
	return report.String(), err
}

func main() {
	if len(os.Args) > 1 {
		child(os.Args[1])
		return
	}
	states()
	frame := regexp.MustCompile(`(?m)^main\.waits\(.*\)\n\t.*dump_format\.go:\d+ \+0x[0-9a-f]+ fp=0x[0-9a-f]+ sp=0x[0-9a-f]+ pc=0x[0-9a-f]+$`)
	header := regexp.MustCompile(`(?m)^goroutine \d+ gp=0x[0-9a-f]+ m=nil \[chan receive\]:$`)
	running := regexp.MustCompile(`(?m)^goroutine \d+ gp=0x[0-9a-f]+ m=\d+ mp=0x[0-9a-f]+ \[running\]:$`)
	registers := regexp.MustCompile(`(?m)^rax    0x[0-9a-f]+\n(?:r.. +0x[0-9a-f]+\n){16}rflags 0x[0-9a-f]+\ncs     0x[0-9a-f]+\nfs     0x[0-9a-f]+\ngs     0x[0-9a-f]+\n$`)
	for _, of := range [][2]string{{"panic", "all"}, {"panic", "system"}, {"quit", ""}, {"quit", "none"}, {"busy", ""}, {"quit", "crash"}} {
		report, err := run(of[0], of[1])
		lines := strings.SplitN(report, "\n", 4)
		fmt.Println(of[0], of[1], err, "| frame", frame.MatchString(report), "header", header.MatchString(report),
			"registers", registers.MatchString(report))
		if of[0] == "panic" {
			fmt.Println("running", running.MatchString(report))
		} else {
			fmt.Println(plain(strings.Join(lines[:3], "\n")))
		}
	}
}
