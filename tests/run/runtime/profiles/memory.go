package main

import (
	"bytes"
	"fmt"
	"runtime"
	"runtime/pprof"
	"sort"
	"strings"
)

type node struct {
	next *node
	data [56]byte
}

var (
	kept *node
	last []byte
)

//go:noinline
func keep(n int) {
	for range n {
		kept = &node{next: kept}
	}
}

//go:noinline
func drop(n int) {
	for range n {
		last = make([]byte, 1000)
	}
}

//go:noinline
func large() { last = make([]byte, 1<<20+1) }

// allocations are all counted if all are sampled.
func allocations() {
	old := runtime.MemProfileRate
	runtime.GC() // what is allocated from now on may be sampled
	runtime.MemProfileRate = 1
	keep(3000)
	drop(2000)
	large()
	runtime.MemProfileRate = old
	last = nil
	runtime.GC()
	runtime.GC()

	counts := map[string][4]int64{}
	for _, r := range memRecords() {
		name, line := owner(r.Stack())
		switch name {
		case "main.keep", "main.drop", "main.large":
			key := fmt.Sprint(name, " line ", line)
			c := counts[key]
			c[0] += r.AllocObjects
			c[1] += r.AllocBytes
			c[2] += r.InUseObjects()
			c[3] += r.InUseBytes()
			counts[key] = c
		}
	}
	var lines []string
	for key, c := range counts {
		lines = append(lines, fmt.Sprint(key, " ", c))
	}
	sort.Strings(lines)
	fmt.Println(strings.Join(lines, "\n"))

	var b bytes.Buffer
	check(pprof.Lookup("heap").WriteTo(&b, 0))
	p, err := parse(b.Bytes())
	check(err)
	fmt.Println(p.types, p.units, "period", p.period)
	found, top := false, 0
	for _, s := range p.samples {
		if strings.HasPrefix(calls(s.frames), "main.drop") && s.frames[0].function == "main.drop" {
			top++
		}
		found = found || s.bytes == 64 && strings.HasPrefix(calls(s.frames), "main.keep < main.allocations")
	}
	shown("the stack begins with the program", found, p.samples)
	shown("where it allocates by way of the runtime, too", top == 1, top)

	b.Reset()
	check(pprof.Lookup("allocs").WriteTo(&b, 1))
	text := b.String()
	fmt.Println("as text:", strings.HasPrefix(text, "heap profile: "), strings.Contains(text, "main.keep+0x"),
		strings.Contains(text, "# runtime.MemStats"))
	kept = nil
}

// sampled compares estimates with what was allocated.
func sampled() {
	runtime.GC()
	runtime.MemProfileRate = 4096
	const n = 200_000
	more(n)
	runtime.MemProfileRate = 0
	drop(100_000)
	runtime.MemProfileRate = 512 << 10
	runtime.GC()
	var objects int64
	for _, r := range memRecords() {
		if name, _ := owner(r.Stack()); name == "main.more" {
			objects += r.AllocObjects
		}
	}
	// One object in 64 or so.
	shown("samples", objects > n/64/2 && objects < n/64*2, objects)
}

//go:noinline
func more(n int) {
	for range n {
		kept = &node{}
	}
}

func memRecords() []runtime.MemProfileRecord {
	for space := 1000; ; space *= 2 {
		records := make([]runtime.MemProfileRecord, space)
		if n, ok := runtime.MemProfile(records, true); ok {
			return records[:n]
		}
	}
}

// owner is the innermost function of this program on a stack.
func owner(stack []uintptr) (string, int) {
	frames := runtime.CallersFrames(stack)
	for {
		f, more := frames.Next()
		if strings.HasPrefix(f.Function, "main.") {
			return f.Function, f.Line
		}
		if !more {
			return "", 0
		}
	}
}
