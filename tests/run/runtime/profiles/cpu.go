package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"sync/atomic"
	"syscall"
	"time"
)

var (
	stop atomic.Bool
	sink int
)

//go:noinline
func hot() {
	for !stop.Load() {
		for i := range 1000 {
			sink += step(i)
		}
	}
}

// step is inlined.
func step(n int) int {
	n ^= n << 13 // line 31
	n ^= n >> 7
	n ^= n << 17
	n ^= n >> 5
	return n ^ n<<3 // line 35
}

//go:noinline
func deep(n int, f func()) int {
	if n == 0 {
		f()
		return 0
	}
	return deep(n-1, f) + 1
}

// cpuTime is the CPU time that the process has used: on a busy machine it takes long.
func cpuTime() time.Duration {
	var u syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// profiled makes a CPU profile of f, which goes on until it is told to stop.
func profiled(d time.Duration, f func()) *profile {
	var b bytes.Buffer
	check(pprof.StartCPUProfile(&b))
	stop.Store(false)
	began := cpuTime()
	go func() {
		for cpuTime()-began < d {
			time.Sleep(10 * time.Millisecond)
		}
		stop.Store(true)
	}()
	f()
	pprof.StopCPUProfile()
	p, err := parse(b.Bytes())
	check(err)
	return p
}

func cpu() {
	p := profiled(400*time.Millisecond, hot)
	fmt.Println(p.types, p.units, "period", p.period)
	shown("most of the time is in hot", p.percent(0, in("main.hot")) > 60, p.samples)
	shown("some of it in what is inlined there", p.percent(0, in("main.step")) > 5, p.samples)
	shown("called by main.main", p.percent(0, in("main.main")) > 60, p.samples)
	n := p.total(0)
	shown("a sane number of samples", n >= 20 && n <= 100, n)
	shown("both values agree", p.total(1) == n*p.period, n, p.total(1))
	shown("there are mappings", p.mappings > 0)
	right := true
	for _, s := range p.samples {
		for _, f := range s.frames {
			switch f.function {
			case "main.step":
				right = right && f.line >= 31 && f.line <= 35
			case "main.hot":
				right = right && f.line >= 21 && f.line <= 27 && filepath.Base(f.file) == "cpu.go"
			}
		}
	}
	shown("places are right", right, p.samples)

	p = profiled(200*time.Millisecond, func() { deep(10000, hot) })
	longest := 0
	for _, s := range p.samples {
		longest = max(longest, len(s.frames))
	}
	shown("deep stacks are cut", p.percent(0, in("main.deep")) > 60 && longest >= 60 && longest <= 80, longest)

	var b bytes.Buffer
	fmt.Println(pprof.StartCPUProfile(&b), pprof.StartCPUProfile(&b))
	pprof.StopCPUProfile()
	pprof.StopCPUProfile()
	_, err := parse(b.Bytes())
	fmt.Println("a short profile:", err)
}

func labels() {
	p := profiled(300*time.Millisecond, func() {
		set := pprof.Labels("part", "one", "x", "y")
		pprof.Do(context.Background(), set, func(context.Context) {
			done := make(chan bool)
			go func() {
				hot()
				done <- true
			}()
			<-done
		})
	})
	var found int64
	for _, s := range p.samples {
		if s.labels["part"] == "one" && s.labels["x"] == "y" {
			found += s.values[0]
		}
	}
	shown("labels are inherited", 100*found > 60*p.total(0), p.samples)
}

type list struct{ next *list }

func collecting() {
	var l *list
	for range 200_000 {
		l = &list{l}
	}
	p := profiled(300*time.Millisecond, func() {
		for !stop.Load() {
			runtime.GC()
		}
	})
	runtime.KeepAlive(l)
	collector := func(f frame) bool {
		switch f.function {
		case "runtime._GC", "runtime.GC", "runtime.gcBgMarkWorker", "runtime.bgsweep":
			return true
		}
		return false
	}
	shown("collecting is seen", p.percent(0, collector) > 40, p.samples)
}
