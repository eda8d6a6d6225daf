// An execution trace, read by a small reader of the format's outer layers: which events
// there are, what they name, and that every number leads to an entry of a table.
package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"runtime"
	"runtime/trace"
	"slices"
	"strings"
	"sync"
	"time"
)

// What the trace is of.

const workers = 25

var (
	group sync.WaitGroup
	mutex sync.Mutex
	total int
)

func worker() {
	defer group.Done()
	for range 10 {
		mutex.Lock()
		total++
		runtime.Gosched()
		mutex.Unlock()
	}
}

func sleeper() {
	defer group.Done()
	time.Sleep(time.Millisecond)
}

func channels() {
	a, b := make(chan int), make(chan int)
	done := make(chan bool)
	go func() {
		for v := range a {
			if v == 0 {
				time.Sleep(5 * time.Millisecond)
			}
			b <- v * v
		}
		close(done)
	}()
	sum := 0
	for i := range 50 {
		a <- i
		select {
		case v := <-b:
			sum += v
		case <-time.After(time.Minute):
		}
	}
	close(a)
	<-done
	fmt.Println("sum of squares", sum)
}

// network lets one side wait for what the other sends late.
func network() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer listener.Close()
	go func() {
		c, err := net.Dial("tcp", listener.Addr().String())
		if err == nil {
			for buf := make([]byte, 1<<20); !strings.Contains(string(buf[:runtime.Stack(buf, true)]), "[IO wait"); {
				time.Sleep(time.Millisecond)
			}
			c.Write([]byte("late"))
			c.Close()
		}
	}()
	c, err := listener.Accept()
	if err != nil {
		fmt.Println(err)
		return
	}
	var buf [4]byte
	n, _ := c.Read(buf[:])
	c.Close()
	fmt.Println("network:", string(buf[:n]))
}

func annotate() {
	ctx, task := trace.NewTask(context.Background(), "a task")
	trace.Log(ctx, "color", "green")
	trace.WithRegion(ctx, "outer region", func() {
		region := trace.StartRegion(ctx, "inner region")
		trace.Logf(ctx, "", "n = %d, %s", 7, strings.Repeat("x", 10))
		region.End()
	})
	inner, child := trace.NewTask(ctx, "its child")
	trace.Log(inner, "where", "in the child")
	child.End()
	task.End()
}

func work() {
	for range workers {
		group.Add(2)
		go worker()
		go sleeper()
	}
	group.Wait()
	channels()
	network()
	annotate()
	runtime.GC()
	old := runtime.GOMAXPROCS(3)
	runtime.GOMAXPROCS(old)
	// A file, for the system calls.
	os.ReadFile(os.DevNull)
	fmt.Println("total", total)
}

// The reader.

type spec struct {
	name string
	args int
}

var specs = map[byte]spec{
	9: {"ProcsChange", 3}, 10: {"ProcStart", 3}, 11: {"ProcStop", 1}, 12: {"ProcSteal", 4},
	13: {"ProcStatus", 3}, 14: {"GoCreate", 4}, 15: {"GoCreateSyscall", 2}, 16: {"GoStart", 3},
	17: {"GoDestroy", 1}, 18: {"GoDestroySyscall", 1}, 19: {"GoStop", 3}, 20: {"GoBlock", 3},
	21: {"GoUnblock", 4}, 22: {"GoSyscallBegin", 3}, 23: {"GoSyscallEnd", 1},
	24: {"GoSyscallEndBlocked", 1}, 25: {"GoStatus", 4}, 26: {"STWBegin", 3}, 27: {"STWEnd", 1},
	28: {"GCActive", 2}, 29: {"GCBegin", 3}, 30: {"GCEnd", 2}, 31: {"GCSweepActive", 2},
	32: {"GCSweepBegin", 2}, 33: {"GCSweepEnd", 3}, 34: {"GCMarkAssistActive", 2},
	35: {"GCMarkAssistBegin", 2}, 36: {"GCMarkAssistEnd", 1}, 37: {"HeapAlloc", 2},
	38: {"HeapGoal", 2}, 39: {"GoLabel", 2}, 40: {"UserTaskBegin", 5}, 41: {"UserTaskEnd", 3},
	42: {"UserRegionBegin", 4}, 43: {"UserRegionEnd", 4}, 44: {"UserLog", 5},
	45: {"GoSwitch", 3}, 46: {"GoSwitchDestroy", 3}, 47: {"GoCreateBlocked", 4},
	48: {"GoStatusStack", 5},
}

type event struct {
	kind string
	time uint64
	args []uint64
}

type call struct {
	function, file string
	line           uint64
}

type generation struct {
	number  uint64
	events  []event
	strings map[uint64]string
	stacks  map[uint64][]call
	synced  bool
}

type cursor struct{ data []byte }

func (c *cursor) byte() byte {
	b := c.data[0]
	c.data = c.data[1:]
	return b
}

func (c *cursor) number() uint64 {
	n, size := binary.Uvarint(c.data)
	if size <= 0 {
		panic("a number is cut off")
	}
	c.data = c.data[size:]
	return n
}

func (c *cursor) take(n uint64) []byte {
	b := c.data[:n]
	c.data = c.data[n:]
	return b
}

func parse(data []byte) (header string, generations []*generation) {
	c := &cursor{data}
	header = string(c.take(16))
	var g *generation
	type raw struct {
		id     uint64
		frames [][4]uint64
	}
	var stacks []raw
	for len(c.data) > 0 {
		switch kind := c.byte(); kind {
		case 52: // end of the generation
			for _, s := range stacks {
				var calls []call
				for _, f := range s.frames {
					calls = append(calls, call{g.strings[f[1]], g.strings[f[2]], f[3]})
				}
				g.stacks[s.id] = calls
			}
			generations = append(generations, g)
			g, stacks = nil, nil
			continue
		case 1: // a batch
		default:
			panic(fmt.Sprint("not a batch: ", kind))
		}
		number, _, when := c.number(), c.number(), c.number()
		batch := &cursor{c.take(c.number())}
		if g == nil {
			g = &generation{number: number, strings: map[uint64]string{}, stacks: map[uint64][]call{}}
		}
		if number != g.number {
			panic("generations are mixed")
		}
		switch batch.data[0] {
		case 2: // stacks
			batch.byte()
			for len(batch.data) > 0 {
				batch.byte()
				s := raw{id: batch.number()}
				for n := batch.number(); n > 0; n-- {
					s.frames = append(s.frames, [4]uint64{
						batch.number(), batch.number(), batch.number(), batch.number()})
				}
				stacks = append(stacks, s)
			}
		case 4: // strings
			batch.byte()
			for len(batch.data) > 0 {
				batch.byte()
				id := batch.number()
				g.strings[id] = string(batch.take(batch.number()))
			}
		case 6: // CPU samples
		case 50: // clocks
			g.synced = true
		default:
			for len(batch.data) > 0 {
				s, known := specs[batch.byte()]
				if !known {
					panic("unknown event")
				}
				when += batch.number()
				e := event{kind: s.name, time: when}
				for range s.args - 1 {
					e.args = append(e.args, batch.number())
				}
				g.events = append(g.events, e)
			}
		}
	}
	if g != nil {
		panic("the last generation has no end")
	}
	return header, generations
}

// top gives the innermost calls of a stack.
func (g *generation) top(id uint64, n int) string {
	var names []string
	for _, c := range g.stacks[id] {
		names = append(names, c.function)
	}
	return strings.Join(names[:min(n, len(names))], " < ")
}

func report(generations []*generation) {
	kinds := map[string]int{}
	reasons := map[string]bool{}
	made := map[string]int{}
	type note struct {
		when uint64
		text string
	}
	var notes []note
	dangling, unnamed := 0, 0
	for _, g := range generations {
		stack := func(id uint64) {
			if _, ok := g.stacks[id]; !ok && id != 0 {
				dangling++
			}
		}
		text := func(id uint64) string {
			s, ok := g.strings[id]
			if !ok && id != 0 {
				dangling++
			}
			return s
		}
		for _, calls := range g.stacks {
			for _, c := range calls {
				if c.function == "" || c.file == "" {
					unnamed++
				}
			}
		}
		for _, e := range g.events {
			kinds[e.kind]++
			say := func(format string, args ...any) {
				notes = append(notes, note{e.time, fmt.Sprintf(format, args...)})
			}
			switch e.kind {
			case "GoCreate":
				stack(e.args[1])
				stack(e.args[2])
				made[g.top(e.args[1], 1)]++
			case "GoBlock", "GoStop", "STWBegin":
				reasons[e.kind+" "+text(e.args[0])] = true
				stack(e.args[1])
			case "UserTaskBegin":
				say("task %d of %d: %q at %s", e.args[0], e.args[1], text(e.args[2]), g.top(e.args[3], 2))
			case "UserTaskEnd":
				say("task %d ends at %s", e.args[0], g.top(e.args[1], 2))
			case "UserRegionBegin":
				say("region %q of %d at %s", text(e.args[1]), e.args[0], g.top(e.args[2], 2))
			case "UserRegionEnd":
				say("region %q of %d ends at %s", text(e.args[1]), e.args[0], g.top(e.args[2], 2))
			case "UserLog":
				say("log of %d: %q %q at %s", e.args[0], text(e.args[1]), text(e.args[2]), g.top(e.args[3], 2))
			}
		}
	}
	for _, kind := range []string{
		"ProcsChange", "ProcStart", "ProcStop", "ProcStatus", "GoCreate", "GoStart", "GoDestroy",
		"GoStop", "GoBlock", "GoUnblock", "GoSyscallBegin", "GoSyscallEnd", "STWBegin", "STWEnd",
		"GCBegin", "GCEnd", "HeapAlloc", "HeapGoal",
	} {
		fmt.Println(kind, kinds[kind] > 0)
	}
	for _, reason := range []string{
		"GoBlock chan receive", "GoBlock network", "GoBlock select", "GoBlock sleep",
		"GoBlock sync", "GoStop runtime.Gosched", "STWBegin GOMAXPROCS", "STWBegin start trace",
		"STWBegin GC sweep termination",
	} {
		fmt.Println(reason, reasons[reason])
	}
	fmt.Println("workers", made["main.worker"], "sleepers", made["main.sleeper"])
	fmt.Println("starts are enough", kinds["GoStart"] >= 2*workers, kinds["GoDestroy"] >= 2*workers)
	// In torture one may be under way at either end of the trace.
	under, most := kinds["GCBegin"]-kinds["GCEnd"], 0
	if strings.Contains(os.Getenv("GODEBUG"), "goxidegc") {
		most = 1
	}
	fmt.Println("collections have ends", -most <= under && under <= most)
	fmt.Println("stops have ends", kinds["STWBegin"] == kinds["STWEnd"])
	fmt.Println("dangling", dangling, "unnamed", unnamed)
	slices.SortStableFunc(notes, func(a, b note) int { return int(a.when) - int(b.when) })
	for _, n := range notes {
		fmt.Println(n.text)
	}
}

func main() {
	fmt.Println("enabled", trace.IsEnabled())
	trace.Log(context.Background(), "nobody", "sees this")
	var out bytes.Buffer
	if err := trace.Start(&out); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("enabled", trace.IsEnabled())
	work()
	trace.Stop()
	fmt.Println("enabled", trace.IsEnabled())
	header, generations := parse(out.Bytes())
	fmt.Printf("%q\n", header)
	fmt.Println("generations", len(generations) > 0)
	for i, g := range generations {
		if !g.synced || g.number != generations[0].number+uint64(i) {
			fmt.Println("generation", i, g.number, g.synced)
		}
	}
	report(generations)
}
