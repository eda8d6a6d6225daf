// Whole reports of programs that end badly: every function, file and line of them, at the
// usual level and with all goroutines. (Offsets, arguments, and where the runtime's own
// functions are, are left out.)
package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"time"
)

type E struct{ s string }

func (e E) Error() string { return e.s }

type myStr string
type S struct{ a, b int }

//go:noinline
func stage(what string) {
	switch what {
	case "unlock":
		var mu sync.Mutex
		mu.Unlock()
	case "pending":
		defer func() {
			var mu sync.Mutex
			mu.Unlock()
		}()
		defer func() { panic("second") }()
		panic("first\nline")
	case "exiting":
		defer func() {
			var mu sync.RWMutex
			mu.Unlock()
		}()
		defer runtime.Goexit()
		panic("first")
	case "gonil":
		defer func() {
			var f func()
			go f()
		}()
		panic("first")
	case "rwunlock":
		var mu sync.RWMutex
		mu.Unlock()
	case "runlock":
		var mu sync.RWMutex
		mu.RUnlock()
	case "wg":
		var wg sync.WaitGroup
		wg.Add(-1)
	case "closenil":
		var c chan int
		close(c)
	case "closeclosed":
		c := make(chan int)
		close(c)
		close(c)
	case "send":
		c := make(chan int, 1)
		close(c)
		c <- 1
	case "dead":
		<-make(chan int)
	case "deadmutex":
		var mu sync.Mutex
		mu.Lock()
		mu.Lock()
	case "goexit":
		go func() { select {} }()
		time.Sleep(time.Millisecond)
		runtime.Goexit()
	case "err":
		panic(E{"boom\nline2"})
	case "fmt":
		panic(fmt.Sprintf("%d", 1))
	case "mystr":
		panic(myStr("x\ny"))
	case "nilp":
		panic(nil)
	case "repanic":
		defer func() {
			r := recover()
			panic(fmt.Sprint("again ", r))
		}()
		panic("first")
	case "rethrow":
		defer func() {
			panic(recover())
		}()
		panic("first")
	case "nested":
		defer func() { panic("second") }()
		panic("first")
	case "goexitdefer":
		go func() {
			defer func() { panic("in goexit") }()
			runtime.Goexit()
		}()
		time.Sleep(time.Minute)
	case "index":
		s := []int{1}
		i := 5
		_ = s[i]
	case "slice":
		s := []int{1}
		i := 5
		_ = s[i:2]
	case "nil":
		var p *S
		p.b = 1
	case "locked":
		runtime.LockOSThread()
		panic(1)
	case "type":
		var x any = 1
		_ = x.(string)
	case "typem":
		var x any = 1
		_ = x.(fmt.Stringer)
	case "chanbig":
		n := 1 << 60
		_ = make(chan int, n)
	case "neg":
		n := -1
		_ = make([]int, n)
	case "div":
		z := 0
		fmt.Println(1 / z)
	case "shift":
		z := -1
		fmt.Println(1 << z)
	case "timerpanic":
		time.AfterFunc(time.Millisecond, func() {
			asleep := func(b []byte) bool {
				return strings.Contains(string(b[:runtime.Stack(b, true)]), "goroutine 1 [sleep")
			}
			for b := make([]byte, 1<<16); !asleep(b); {
				time.Sleep(time.Millisecond)
			}
			panic("timer")
		})
		time.Sleep(time.Minute)
	}
}

var (
	address  = regexp.MustCompile(`0x[0-9a-f]+`)
	number   = regexp.MustCompile(`goroutine \d+`)
	call     = regexp.MustCompile(`(?m)^([\w./*()]+)\([^)]*\)$`)
	offset   = regexp.MustCompile(`(?m) \+0x[0-9a-f]+$`)
	ofSystem = regexp.MustCompile(`(?m)^\t.*/src/.*$|^\tgoxide/.*$`)
	ours     = regexp.MustCompile(`(?m)^\t.*/(crash_reports.go)`)
)

func shape(report string) string {
	report = offset.ReplaceAllString(report, "")
	report = ofSystem.ReplaceAllString(report, "\t(library)")
	report = ours.ReplaceAllString(report, "\t$1")
	report = call.ReplaceAllString(report, "$1")
	report = number.ReplaceAllString(report, "goroutine N")
	return address.ReplaceAllString(report, "ADDR")
}

func main() {
	if len(os.Args) > 1 {
		stage(os.Args[1])
		return
	}
	for _, level := range []string{"", "all", "none"} {
		for what := range strings.FieldsSeq("unlock pending exiting gonil rwunlock runlock wg closenil closeclosed send dead deadmutex goexit err fmt mystr nilp repanic rethrow nested goexitdefer index slice nil locked type typem chanbig neg div shift timerpanic") {
			if level != "" && !strings.Contains("unlock dead nested nil timerpanic locked", what) {
				continue
			}
			cmd := exec.Command(os.Args[0], what)
			cmd.Env = append(os.Environ(), "GOTRACEBACK="+level)
			report, err := cmd.CombinedOutput()
			fmt.Printf("=== %s %s: %v\n%s\n", what, level, err, shape(string(report)))
		}
	}
}
