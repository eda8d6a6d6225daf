// Signals from outside, ten thousand a second, while goroutines allocate, collect, panic,
// wait and make system calls. With DURATION=30s in the environment it lasts as long, and
// tells how many signals were sent, and how many of the notified ones came.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// send signals the parent, one every 100 µs, until its standard input ends; then it says how
// many it sent. What it could not send in time, for want of a processor, it makes up for.
func send(pid int) {
	var sent atomic.Int64
	begin := time.Now()
	go func() {
		os.Stdin.Read(make([]byte, 1))
		n, took := sent.Load(), time.Since(begin)
		fmt.Printf("sent %d, %d a second\n", n, n*int64(time.Second)/int64(took))
		os.Exit(0)
	}()
	signals := []syscall.Signal{syscall.SIGURG, syscall.SIGUSR1, syscall.SIGURG, syscall.SIGWINCH, syscall.SIGCHLD}
	for i := range int64(1 << 62) {
		for time.Since(begin) < time.Duration(i)*100*time.Microsecond {
		}
		syscall.Kill(pid, signals[i%int64(len(signals))])
		sent.Add(1)
	}
}

type tree struct{ left, right *tree }

func grow(depth int) *tree {
	if depth == 0 {
		return &tree{}
	}
	return &tree{grow(depth - 1), grow(depth - 1)}
}

func (t *tree) count() int {
	if t == nil {
		return 0
	}
	return 1 + t.left.count() + t.right.count()
}

//go:noinline
func fail(n int, zero *int) int {
	if n == 0 {
		return *zero
	}
	defer func() {
		if n%3 == 0 {
			if r := recover(); r != nil {
				panic(r)
			}
		}
	}()
	return fail(n-1, zero) + 1
}

func caught(n int) (message string) {
	defer func() { message = fmt.Sprint(recover()) }()
	fail(n, nil)
	return "none"
}

// sums keeps as many floats as there are registers for, and some whole numbers.
//
//go:noinline
func sums(n int) bool {
	var a, b, c, d, e, f, g, h, i, j, k, l, m float64
	var p, q, r, s int
	for x := range n {
		v := float64(x)
		a, b, c, d, e, f, g = a+v, b+a-v, c+1, d+2, e+3, f+4, g+5
		h, i, j, k, l, m = h+6, i+7, j+8, k+9, l+10, m+11
		p, q, r, s = p+x, q+1, r+2, s+3
		b -= a - v
	}
	y := float64(n)
	good := a == y*(y-1)/2 && b == -a && c == y && d == 2*y && e == 3*y && f == 4*y && g == 5*y
	good = good && h == 6*y && i == 7*y && j == 8*y && k == 9*y && l == 10*y && m == 11*y
	return good && p == n*(n-1)/2 && q == n && r == 2*n && s == 3*n
}

func main() {
	if len(os.Args) > 1 {
		pid, _ := strconv.Atoi(os.Args[1])
		send(pid)
	}
	received := make(chan os.Signal, 100)
	signal.Notify(received, syscall.SIGUSR1, syscall.SIGURG)
	storm := exec.Command(os.Args[0], strconv.Itoa(os.Getpid()))
	stop, _ := storm.StdinPipe()
	var report strings.Builder
	storm.Stdout = &report
	if err := storm.Start(); err != nil {
		fmt.Println(err)
		return
	}
	var signals, wrong atomic.Int64
	go func() {
		for range received {
			signals.Add(1)
		}
	}()
	end := time.Now().Add(duration())
	running := func() bool { return time.Now().Before(end) || signals.Load() == 0 }
	var all sync.WaitGroup
	check := func(what string, f func() bool) {
		all.Go(func() {
			// At least once, however long it takes to get a turn.
			for again := true; again; again = running() {
				if !f() {
					wrong.Add(1)
					fmt.Println("wrong:", what)
				}
			}
		})
	}
	check("trees", func() bool { return grow(12).count() == 1<<13-1 })
	check("collections", func() bool { runtime.GC(); return true })
	check("panics", func() bool {
		return caught(20) == "runtime error: invalid memory address or nil pointer dereference"
	})
	check("sums", func() bool { return sums(1_000_000) })
	ping, pong := make(chan int), make(chan int)
	go func() {
		for v := range ping {
			pong <- v + 1
		}
	}()
	check("channels", func() bool { ping <- 1; return <-pong == 2 })
	check("sleeps", func() bool {
		begin := time.Now()
		time.Sleep(3 * time.Millisecond)
		return time.Since(begin) >= 3*time.Millisecond
	})
	r, w, _ := os.Pipe()
	check("pipes", func() bool {
		var b [8]byte
		n, err := w.Write([]byte("12345678"))
		m, err2 := r.Read(b[:])
		return n == 8 && m == 8 && err == nil && err2 == nil && string(b[:]) == "12345678"
	})
	check("files", func() bool {
		text, err := os.ReadFile("/proc/self/stat")
		return err == nil && len(text) > 0
	})
	check("exec", func() bool {
		out, err := exec.Command("/bin/echo", "hello").Output()
		return err == nil && string(out) == "hello\n"
	})
	all.Wait()
	stop.Close()
	err := storm.Wait()
	signal.Stop(received)
	fmt.Println("one by one:", oneByOne(200))
	fmt.Println("signals came:", signals.Load() > 0, "wrong:", wrong.Load(), "child:", err)
	if os.Getenv("DURATION") != "" {
		fmt.Print("came: ", signals.Load(), ", ", report.String())
	}
}

// oneByOne sends as many signals, the next one when the last has come: none may be lost, as
// two that come at once may be.
func oneByOne(n int) int {
	received := make(chan os.Signal, 1)
	signal.Notify(received, syscall.SIGUSR2)
	defer signal.Stop(received)
	for range n {
		syscall.Kill(os.Getpid(), syscall.SIGUSR2)
		<-received
	}
	return n
}

func duration() time.Duration {
	if d, err := time.ParseDuration(os.Getenv("DURATION")); err == nil {
		return d
	}
	return time.Second
}
