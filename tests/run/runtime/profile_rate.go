// runtime.MemProfileRate, changed while all processors have free memory at hand: whatever is
// allocated after the next allocation of some size counts by the new rate, wherever it is.
package main

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
)

const procs, each = 8, 100

type small [11]int32

var (
	kept  [procs][2 * each]*small
	large []byte
)

//go:noinline
func before(p, i int) { kept[p][i] = &small{1} }

//go:noinline
func after(p, i int) { kept[p][each+i] = &small{2} }

// everywhere calls f on all processors at the same time.
func everywhere(f func(p, i int)) {
	var wg sync.WaitGroup
	var there atomic.Int32
	for p := range procs {
		wg.Go(func() {
			for there.Add(1); there.Load() < procs; {
			}
			for i := range each {
				f(p, i)
			}
		})
	}
	wg.Wait()
}

func main() {
	runtime.GOMAXPROCS(procs)
	for _, rate := range []int{1 << 40, 1} {
		runtime.MemProfileRate = rate
		large = make([]byte, 100_000)
		f := before
		if rate == 1 {
			f = after
		}
		everywhere(f)
	}
	runtime.MemProfileRate = 1 << 40
	large = make([]byte, 100_000)
	runtime.GC()
	runtime.GC()
	records := make([]runtime.MemProfileRecord, 1000)
	n, ok := runtime.MemProfile(records, true)
	objects := map[string]int64{}
	for _, r := range records[:n] {
		frames := runtime.CallersFrames(r.Stack())
		for more := true; more; {
			var frame runtime.Frame
			frame, more = frames.Next()
			if strings.HasPrefix(frame.Function, "main.before") || strings.HasPrefix(frame.Function, "main.after") {
				objects[frame.Function] += r.AllocObjects
			}
		}
	}
	fmt.Println(ok, objects["main.after"])
	runtime.KeepAlive(&kept)
}
