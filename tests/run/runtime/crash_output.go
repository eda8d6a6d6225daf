// debug.SetCrashOutput: what a program that crashes, in each of many ways, leaves in the
// file, next to what it writes to standard error.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"time"
)

type level struct{ n int }

func (l level) Error() string { return fmt.Sprint("level ", l.n, "\nand more") }

//go:noinline
func deep(n int) int {
	if n == 0 {
		return 0
	}
	return deep(n+1) + 1
}

var crashes = []struct {
	name string
	do   func()
}{
	{"panic", func() { panic("plain") }},
	{"error of two lines", func() { panic(level{3}) }},
	{"panic again", func() {
		defer func() { panic(fmt.Sprint("second, after ", recover())) }()
		panic("first")
	}},
	{"panic while panicking", func() {
		defer panic(errors.New("newer"))
		panic(1.5)
	}},
	{"in another goroutine", func() {
		go func() { panic(struct{ a, b int }{1, 2}) }()
		time.Sleep(time.Minute)
	}},
	{"nil pointer", func() {
		var p *level
		p.n++
	}},
	{"index", func() {
		var list []int
		list[len(os.Args)]++
	}},
	{"deadlock", func() { select {} }},
	{"unlock", func() { new(sync.Mutex).Unlock() }},
	{"stack overflow", func() {
		debug.SetMaxStack(1 << 16)
		deep(1)
	}},
	{"SIGQUIT", func() {
		// From elsewhere, when none of the threads runs: this goroutine is to be asleep.
		wait := "while grep -q 'State:.[RD]' /proc/$0/task/*/status; do sleep 0.01; done; kill -QUIT $0"
		exec.Command("sh", "-c", "sleep 0.1; "+wait, fmt.Sprint(os.Getpid())).Start()
		time.Sleep(time.Minute)
	}},
	{"SIGTERM", func() {
		syscall.Kill(syscall.Getpid(), syscall.SIGTERM)
		time.Sleep(time.Minute)
	}},
	{"exit", func() { os.Exit(7) }},
	{"goexit", func() {
		defer fmt.Println("deferred")
		defer func() { recover() }()
		panic("not the end")
	}},
}

func setOutput(f *os.File) {
	if err := debug.SetCrashOutput(f, debug.CrashOptions{}); err != nil {
		fmt.Println("SetCrashOutput:", err)
	}
}

// crash is the child.
func crash(name, file string) {
	f, err := os.Create(file)
	if err != nil {
		panic(err)
	}
	switch {
	case strings.HasPrefix(name, "off "):
		setOutput(f)
		setOutput(nil)
		name = name[4:]
	case strings.HasPrefix(name, "replaced "):
		other, err := os.Create(file + ".other")
		if err != nil {
			panic(err)
		}
		setOutput(other)
		setOutput(f)
		name = name[9:]
	default:
		setOutput(f)
	}
	// The runtime has a descriptor of its own.
	fmt.Fprintln(f, "written before")
	f.Close()
	println("println goes to standard error only")
	for _, c := range crashes {
		if c.name == name {
			c.do()
		}
	}
}

var (
	places  = regexp.MustCompile(`(?m)^(\t.*/)([^/]+\.go:)\d+.*$`)
	numbers = regexp.MustCompile(`0x[0-9a-f]+`)
)

// shown is the report without what differs from run to run: the message, and which
// goroutines there are. Their frames count where the program wrote them.
func shown(text []byte) string {
	var out strings.Builder
	function := ""
	s := places.ReplaceAllString(string(text), "\t$2")
	s = numbers.ReplaceAllString(s, "0x-")
	for line := range strings.Lines(s) {
		switch {
		case strings.HasPrefix(line, "main."):
			name, _, _ := strings.Cut(line, "(")
			if name != function && !strings.Contains(name, "deferwrap") {
				out.WriteString("  " + name + "\n")
			}
			function = name
		case strings.HasPrefix(line, "panic:"), strings.HasPrefix(line, "\tpanic:"),
			strings.HasPrefix(line, "[signal"), strings.HasPrefix(line, "SIG"),
			strings.HasPrefix(line, "fatal error"), strings.HasPrefix(line, "written"),
			strings.HasPrefix(line, "\tand"), strings.HasPrefix(line, "println"):
			out.WriteString("  " + line)
		}
	}
	return out.String()
}

func show(name, folder string) {
	file := filepath.Join(folder, "crash")
	command := exec.Command("/proc/self/exe", name, file)
	var stderr strings.Builder
	command.Stderr = &stderr
	err := command.Run()
	text, _ := os.ReadFile(file)
	fmt.Printf("== %s: %v\n%s", name, err, shown(text))
	_, report, _ := strings.Cut(string(text), "written before\n")
	switch {
	case report == "":
		fmt.Println("-- no report")
	case strings.HasSuffix(stderr.String(), report):
		fmt.Println("-- the end of standard error is the same")
	default:
		fmt.Println("-- standard error differs")
	}
	if other, err := os.ReadFile(file + ".other"); err == nil {
		fmt.Printf("-- the file before: %q\n", other)
		os.Remove(file + ".other")
	}
}

// showPipe reads a report of more than one buffer from a pipe.
func showPipe() {
	r, w, err := os.Pipe()
	if err != nil {
		panic(err)
	}
	command := exec.Command("/proc/self/exe", "pipe")
	command.ExtraFiles = []*os.File{w}
	if err := command.Start(); err != nil {
		panic(err)
	}
	w.Close()
	text, _ := io.ReadAll(r)
	fmt.Println("== pipe:", command.Wait(), len(text) > 100_000,
		strings.Count(string(text), "goroutine ") > 500, strings.Count(string(text), "\tpanic: to a pipe"))
}

// pipeCrash is the child of showPipe.
func pipeCrash() {
	debug.SetTraceback("all")
	setOutput(os.NewFile(3, "pipe"))
	for range 1000 {
		go func() { select {} }()
	}
	time.Sleep(10 * time.Millisecond)
	defer panic("to a pipe")
	panic("at first")
}

func main() {
	switch len(os.Args) {
	case 2:
		pipeCrash()
		return
	case 3:
		crash(os.Args[1], os.Args[2])
		return
	}
	folder, err := os.MkdirTemp("", "crash-output")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	for _, c := range crashes {
		show(c.name, folder)
	}
	show("off panic", folder)
	show("replaced panic", folder)
	showPipe()

	f, err := os.Create(filepath.Join(folder, "closed"))
	if err != nil {
		panic(err)
	}
	f.Close()
	fmt.Println(debug.SetCrashOutput(f, debug.CrashOptions{}) != nil)
	fmt.Println(debug.SetCrashOutput(nil, debug.CrashOptions{}))
}
