// The lines of GODEBUG=schedtrace, scheddetail, gctrace and inittrace, field by field.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

var table = func() map[string]int {
	if len(os.Args) < 2 {
		return nil
	}
	time.Sleep(12 * time.Millisecond)
	m := map[string]int{}
	for i := range 1000 {
		m[fmt.Sprint(i)] = i
	}
	return m
}()

var garbage []byte

// child has a goroutine in every state.
func child() {
	var mutex sync.Mutex
	mutex.Lock()
	c := make(chan int)
	go func() { mutex.Lock() }()
	go func() { time.Sleep(time.Hour) }()
	go func() {
		runtime.LockOSThread()
		<-c
	}()
	go func() {
		for {
			garbage = make([]byte, 1<<16)
		}
	}()
	time.Sleep(100 * time.Millisecond)
	// The parent has seen what it wants.
	os.Stdin.Read(make([]byte, 1))
	runtime.GC()
	fmt.Println(len(table))
}

var forms = []struct {
	name string
	form string
}{
	{"SCHED", `SCHED \d+ms: gomaxprocs=2 idleprocs=\d+ threads=\d+ spinningthreads=\d+ needspinning=[01] idlethreads=\d+ runqueue=\d+ \[ \d+ \d+ \] schedticks=\[ \d+ \d+ \]`},
	{"SCHED in detail", `SCHED \d+ms: gomaxprocs=2 idleprocs=\d+ threads=\d+ spinningthreads=\d+ needspinning=[01] idlethreads=\d+ runqueue=\d+ gcwaiting=(true|false) nmidlelocked=-?\d+ stopwait=-?\d+ sysmonwait=(true|false)`},
	{"P", `  P[01]: status=\d+ schedtick=\d+ syscalltick=\d+ m=(nil|\d+) runqsize=\d+ gfreecnt=\d+ timerslen=\d+`},
	{"M", `  M\d+: p=(nil|\d+) curg=(nil|\d+) mallocing=\d+ throwing=0 preemptoff=\S* locks=-?\d+ dying=0 spinning=(true|false) blocked=(true|false) lockedg=(nil|\d+)`},
	{"G", `  G\d+: status=\d+\([^)]*(\([^)]*\))?\) m=(nil|\d+) lockedm=(nil|\d+)`},
	{"gc", `gc \d+ @[\d.]+s \d+%: [\d.]+\+[\d.]+\+[\d.]+ ms clock, [\d.]+\+[\d.]+/[\d.]+/[\d.]+\+[\d.]+ ms cpu, \d+->\d+->\d+ MB, \d+ MB goal, \d+ MB stacks, \d+ MB globals, 2 P( \(forced\))?`},
	{"init", `init \S+ @\d+(\.\d{1,3})? ms, \d+(\.\d{1,3})? ms clock, \d+ bytes, \d+ allocs`},
}

// kinds gives which forms the lines have, and what has none.
func kinds(report string) string {
	var found []string
	for line := range strings.Lines(report) {
		line = strings.TrimSuffix(line, "\n")
		kind := "UNKNOWN " + line
		for _, f := range forms {
			if regexp.MustCompile(`^` + f.form + `$`).MatchString(line) {
				kind = f.name
			}
		}
		if !slices.Contains(found, kind) {
			found = append(found, kind)
		}
	}
	slices.Sort(found)
	return strings.Join(found, ", ")
}

// goalsFollow tells whether each collection's goal comes of what the one before has marked: as
// much again, and at least 4 MB. (Stacks and global variables count a little.)
func goalsFollow(report string) bool {
	of := regexp.MustCompile(`->(\d+) MB, (\d+) MB goal`)
	marked := 0
	for _, m := range of.FindAllStringSubmatch(report, -1) {
		goal, _ := strconv.Atoi(m[2])
		want := max(2*marked, 4)
		if goal < want || goal > want+3 {
			return false
		}
		marked, _ = strconv.Atoi(m[1])
	}
	return true
}

// wanted is what reports must have before their programs may end.
var wanted = map[string][]string{
	"schedtrace=10":               {`(?m)^SCHED.*\n`},
	"schedtrace=20,scheddetail=1": {`status=4\(sync.Mutex.Lock\)`, `status=4\(sleep\)`, `status=4\(chan receive\) m=nil lockedm=\d`, `blocked=true`, `lockedg=\d`},
}

func all(patterns []string, report string) bool {
	return !slices.ContainsFunc(patterns, func(pattern string) bool {
		return !regexp.MustCompile(pattern).MatchString(report)
	})
}

// log is written by one goroutine and read by another.
type log struct {
	mutex sync.Mutex
	text  strings.Builder
}

func (l *log) Write(b []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.Write(b)
}

func (l *log) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.String()
}

func main() {
	if len(os.Args) > 1 {
		child()
		return
	}
	for _, setting := range []string{"schedtrace=10", "schedtrace=20,scheddetail=1", "gctrace=1", "inittrace=1", "scheddetail=1", "schedtrace=0", "inittrace=2", "schedtrace=x,gctrace=x"} {
		cmd := exec.Command(os.Args[0], "child")
		cmd.Env = append(os.Environ(), "GODEBUG="+setting, "GOMAXPROCS=2")
		var report log
		cmd.Stderr = &report
		var output strings.Builder
		cmd.Stdout = &output
		more, _ := cmd.StdinPipe()
		err := cmd.Start()
		for err == nil && !all(wanted[setting], report.String()) {
			time.Sleep(5 * time.Millisecond)
		}
		more.Close()
		if err == nil {
			err = cmd.Wait()
		}
		out := output.String()
		fmt.Printf("%s: %q %v | %s\n", setting, out, err, kinds(report.String()))
		if setting == "gctrace=1" {
			fmt.Println("goals:", goalsFollow(report.String()))
		}
		if setting == "inittrace=1" {
			of := regexp.MustCompile(`(?m)^init main @\d+(\.\d+)? ms, (\d+) ms clock, (\d+) bytes, (\d+) allocs$`)
			m := of.FindStringSubmatch(report.String())
			fmt.Println("main:", m != nil && len(m[2]) >= 2 && len(m[3]) >= 4 && len(m[4]) >= 3)
		}
		if setting == "schedtrace=20,scheddetail=1" {
			for _, state := range wanted[setting] {
				fmt.Println(state, regexp.MustCompile(state).MatchString(report.String()))
			}
		}
	}
}
