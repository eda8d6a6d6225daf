// What counts as blocked for good in a bubble of testing/synctest, and what becomes of a
// bubble in which everybody is.
package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var outside = make(chan int)

// waits blocks; whoever gives the clock a step shows that it counts as blocked.
var waits = map[string]func(){
	"receive":        func() { <-make(chan int) },
	"send":           func() { make(chan int) <- 1 },
	"full":           func() { c := make(chan int, 1); c <- 1; c <- 2 },
	"nil receive":    func() { var c chan int; <-c },
	"nil send":       func() { var c chan int; c <- 1 },
	"select nothing": func() { select {} },
	"select": func() {
		select {
		case <-make(chan int):
		case make(chan string) <- "":
		}
	},
	"select nil": func() {
		var c chan int
		select {
		case <-c:
		}
	},
	"condition": func() { c := sync.NewCond(new(sync.Mutex)); c.L.Lock(); c.Wait() },
	"group":     func() { var g sync.WaitGroup; g.Add(1); g.Wait() },
	"sleep":     func() { time.Sleep(time.Hour) },
	"pipe":      func() { a, _ := net.Pipe(); a.Read(make([]byte, 1)) },
	"io pipe":   func() { r, _ := io.Pipe(); r.Read(make([]byte, 1)) },
	"range": func() {
		for range make(chan int) {
		}
	},
}

// counted has one goroutine wait in each way, and shows that time goes on.
func counted(t *testing.T) {
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for name := range waits {
			if !yield(name) {
				return
			}
		}
	}) {
		go waits[name]()
		start := time.Now()
		time.Sleep(time.Minute)
		synctest.Wait()
		fmt.Println(name, time.Since(start))
	}
	os.Exit(0)
}

// notCounted waits for things from outside: time stands still meanwhile.
func notCounted(t *testing.T) {
	start := time.Now()
	for name, wait := range map[string]func(){
		"outside": func() { <-outside },
		"mutex": func() {
			var mutex sync.Mutex
			mutex.Lock()
			go func() { <-outside; mutex.Unlock() }()
			mutex.Lock()
		},
		"system call": func() {
			r, w, _ := os.Pipe()
			go func() { <-outside; w.Write([]byte("x")) }()
			r.Read(make([]byte, 1))
		},
	} {
		early := false
		timer := time.AfterFunc(time.Nanosecond, func() { early = true })
		wait()
		if early {
			fmt.Println(name, "did not keep the clock")
		}
		timer.Stop()
	}
	fmt.Println(time.Since(start))
	os.Exit(0)
}

// Bubbles that end badly.
var bad = map[string]func(t *testing.T){
	"all blocked": func(t *testing.T) {
		c := make(chan int)
		go func() { c <- 1; c <- 1 }()
		<-c
		<-make(chan int)
	},
	"left behind": func(t *testing.T) {
		for range 3 {
			go func() { <-make(chan int) }()
		}
	},
	"dropped timers": func(t *testing.T) {
		time.NewTicker(time.Second)
		time.After(time.Hour)
		<-make(chan int)
	},
	"panic": func(t *testing.T) {
		go func() { <-make(chan int) }()
		time.Sleep(time.Second)
		panic("on purpose")
	},
	"panic of another": func(t *testing.T) {
		time.AfterFunc(time.Minute, func() { panic("late") })
		time.Sleep(time.Hour)
	},
}

func child(name string) {
	f := bad[name]
	switch name {
	case "counted":
		f = counted
	case "not counted":
		go func() {
			for {
				time.Sleep(5 * time.Millisecond)
				outside <- 1
			}
		}()
		f = notCounted
	}
	test := testing.InternalTest{Name: "Test", F: func(t *testing.T) { synctest.Test(t, f) }}
	testing.Main(func(pattern, name string) (bool, error) { return true, nil }, []testing.InternalTest{test}, nil, nil)
}

func main() {
	if len(os.Args) > 2 {
		name := os.Args[2]
		os.Args = os.Args[:1]
		child(name)
	}
	took := regexp.MustCompile(` \([\d.]+s\)`)
	bubbled := regexp.MustCompile(`(?m)^goroutine \d+ \[(.*)synctest bubble 1`)
	for _, name := range []string{"counted", "not counted", "all blocked", "left behind", "dropped timers", "panic", "panic of another"} {
		cmd := exec.Command(os.Args[0], "child", name)
		var report strings.Builder
		cmd.Stderr = &report
		out, err := cmd.Output()
		fmt.Printf("== %s: %v\n%s", name, err, took.ReplaceAll(out, nil))
		first, _, _ := strings.Cut(report.String(), "\n")
		fmt.Println(first)
		var states []string
		for _, m := range bubbled.FindAllStringSubmatch(report.String(), -1) {
			states = append(states, m[1])
		}
		slices.Sort(states)
		fmt.Printf("%q\n", states)
	}
}
