// Traces of its own work, read by the reader that Go's tools use: it replays the scheduler
// and refuses a trace in which a goroutine runs twice, a P is nobody's, or anything is said
// out of order.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
	"slices"
	"sync"
	"time"

	reader "golang.org/x/exp/trace"
)

// facts are what a trace says that does not depend on time.
type facts struct {
	events, created, destroyed, syscalls, collections int
	regions, tasks, logs                              int
	samples                                           int // of a CPU profile, in busy
	outside                                           int // events whose goroutine never was
	err                                               error
}

func read(r io.Reader) (f facts) {
	in, err := reader.NewReader(r)
	if err != nil {
		f.err = err
		return f
	}
	alive := map[reader.GoID]bool{}
	for {
		e, err := in.ReadEvent()
		if err == io.EOF {
			return f
		}
		if err != nil {
			f.err = err
			return f
		}
		f.events++
		switch e.Kind() {
		case reader.EventStateTransition:
			t := e.StateTransition()
			if t.Resource.Kind != reader.ResourceGoroutine {
				continue
			}
			from, to := t.Goroutine()
			id := t.Resource.Goroutine()
			switch {
			case from == reader.GoNotExist:
				f.created++
				alive[id] = true
			case from == reader.GoUndetermined:
				alive[id] = true
			case to == reader.GoNotExist:
				f.destroyed++
				delete(alive, id)
			case !alive[id]:
				f.outside++
			}
			if to == reader.GoSyscall && from == reader.GoRunning {
				f.syscalls++
			}
		case reader.EventRangeBegin:
			if e.Range().Name == "GC concurrent mark phase" {
				f.collections++
			}
		case reader.EventRegionBegin, reader.EventRegionEnd:
			f.regions++
		case reader.EventTaskBegin, reader.EventTaskEnd:
			f.tasks++
		case reader.EventLog:
			f.logs++
		case reader.EventStackSample:
			for frame := range e.Stack().Frames() {
				if frame.Func == "main.busy" && e.Goroutine() != reader.NoGoroutine {
					f.samples++
				}
			}
		}
	}
}

// Workloads. Each gives the number of goroutines that it starts itself, at least.

func pingPong() int {
	a, b := make(chan int), make(chan int)
	go func() {
		for v := range a {
			b <- v
		}
		close(b)
	}()
	for i := range 2000 {
		a <- i
		<-b
	}
	close(a)
	<-b
	return 1
}

// together runs f in n goroutines, waits for them, and gives their number.
func together(n int, f func(i int)) int {
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { f(i) })
	}
	group.Wait()
	return n
}

func locks() int {
	var mutex sync.Mutex
	return together(1000, func(int) {
		for range 10 {
			mutex.Lock()
			runtime.Gosched()
			mutex.Unlock()
		}
	})
}

func systemCalls() int {
	return 2 * together(8, func(int) {
		r, w, err := os.Pipe()
		if err != nil {
			panic(err)
		}
		go func() {
			for range 20 {
				w.Write([]byte("x"))
				os.Stat("/")
			}
			time.Sleep(time.Millisecond)
			w.Close()
		}()
		io.Copy(io.Discard, r)
		r.Close()
	})
}

func timers() int {
	var group sync.WaitGroup
	for i := range 200 {
		group.Add(2)
		go func() {
			defer group.Done()
			time.Sleep(time.Duration(i%7) * 100 * time.Microsecond)
			select {
			case <-time.After(time.Millisecond):
			case <-make(chan int):
			}
		}()
		time.AfterFunc(time.Duration(i)*time.Microsecond, group.Done)
	}
	group.Wait()
	return 400
}

type tree struct{ left, right *tree }

func grow(depth int) *tree {
	if depth == 0 {
		return &tree{}
	}
	return &tree{grow(depth - 1), grow(depth - 1)}
}

var kept *tree

func garbage() int {
	for range 10 {
		kept = grow(15)
	}
	runtime.GC()
	return 0
}

func web() int {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, len(make([]byte, 200_000)))
	})}
	go server.Serve(listener)
	n := together(10, func(int) {
		for range 20 {
			if r, err := http.Get("http://" + listener.Addr().String()); err == nil {
				io.Copy(io.Discard, r.Body)
				r.Body.Close()
			}
		}
	})
	server.Close()
	return n + 1
}

func threads() int {
	c := make(chan int)
	return together(6, func(i int) {
		runtime.LockOSThread()
		for range 20 {
			if i%2 == 0 {
				c <- i
			} else {
				<-c
			}
		}
		if i > 2 {
			runtime.UnlockOSThread()
		} // else the thread ends as well
	})
}

func processors() int {
	var group sync.WaitGroup
	stop := make(chan bool)
	for range 6 {
		group.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					kept = grow(4)
				}
			}
		})
	}
	old := runtime.GOMAXPROCS(1)
	for _, n := range []int{4, 2, 8, 3, 1, old} {
		runtime.GOMAXPROCS(n)
		time.Sleep(time.Millisecond)
	}
	close(stop)
	group.Wait()
	return 6
}

func spinning() int {
	return together(6, func(int) {
		for end := time.Now().Add(30 * time.Millisecond); time.Now().Before(end); {
		}
	})
}

func annotations() int {
	return together(10, func(int) {
		ctx, task := trace.NewTask(context.Background(), "task")
		defer task.End()
		trace.WithRegion(ctx, "region", func() {
			trace.Log(ctx, "key", "value")
			trace.StartRegion(ctx, "another").End()
		})
	})
}

func all() int {
	n := 0
	for _, f := range []func() int{pingPong, systemCalls, timers, garbage, annotations, locks} {
		n += f()
	}
	return n
}

var workloads = []struct {
	name string
	run  func() int
}{
	{"nothing", func() int { return 0 }},
	{"ping-pong", pingPong}, {"locks", locks}, {"system calls", systemCalls},
	{"timers", timers}, {"garbage", garbage}, {"web", web}, {"threads", threads},
	{"processors", processors}, {"spinning", spinning}, {"annotations", annotations},
	{"all", all},
}

func traced(name string, run func() int) {
	var out bytes.Buffer
	if err := trace.Start(&out); err != nil {
		fmt.Println(name, err)
		return
	}
	n := run()
	trace.Stop()
	f := read(&out)
	if f.err != nil {
		fmt.Println(name, "REFUSED:", f.err)
		return
	}
	fmt.Printf("%s: created enough %t, destroyed enough %t, strangers %d, tasks %d, regions %d, logs %d\n",
		name, f.created >= n, f.destroyed >= min(n, n*9/10), f.outside, f.tasks, f.regions, f.logs)
}

var sum int

//go:noinline
func busy(until time.Time) {
	for time.Now().Before(until) {
		for i := range 100_000 {
			sum += i & 3
		}
	}
}

// sampled makes a CPU profile while a trace runs, and one that begins before it.
func sampled() {
	for _, profileFirst := range []bool{false, true} {
		var out, profile bytes.Buffer
		steps := []func() error{
			func() error { return trace.Start(&out) },
			func() error { return pprof.StartCPUProfile(&profile) },
		}
		if profileFirst {
			slices.Reverse(steps)
		}
		for _, step := range steps {
			if err := step(); err != nil {
				fmt.Println("samples:", err)
				return
			}
		}
		// More than one generation.
		busy(time.Now().Add(1500 * time.Millisecond))
		pprof.StopCPUProfile()
		busy(time.Now().Add(100 * time.Millisecond))
		trace.Stop()
		f := read(&out)
		fmt.Println("samples:", f.err, f.samples > 10, profile.Len() > 0)
	}
}

// inTheMiddle begins and ends traces while others work.
func inTheMiddle() {
	stop := make(chan bool)
	var group sync.WaitGroup
	for i := range 6 {
		group.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				switch i % 3 {
				case 0:
					time.Sleep(50 * time.Microsecond)
				case 1:
					os.Stat("/")
				case 2:
					kept = grow(6)
					runtime.Gosched()
				}
			}
		})
	}
	refused := 0
	for range 30 {
		var out bytes.Buffer
		if trace.Start(&out) != nil {
			refused++
			continue
		}
		time.Sleep(time.Millisecond)
		trace.Stop()
		if f := read(&out); f.err != nil || f.outside > 0 {
			fmt.Println("in the middle:", f.err)
			refused++
		}
	}
	close(stop)
	group.Wait()
	fmt.Println("in the middle: refused", refused)
}

func flights() {
	recorder := trace.NewFlightRecorder(trace.FlightRecorderConfig{MinAge: 100 * time.Millisecond})
	if err := recorder.Start(); err != nil {
		fmt.Println(err)
		return
	}
	defer recorder.Stop()
	for i := range 4 {
		all()
		time.Sleep(400 * time.Millisecond)
		var out bytes.Buffer
		_, err := recorder.WriteTo(&out)
		f := read(&out)
		fmt.Println("flight", i, err, f.err, f.events > 0, f.outside)
	}
}

func main() {
	for _, w := range workloads {
		traced(w.name, w.run)
	}
	sampled()
	inTheMiddle()
	flights()
}
