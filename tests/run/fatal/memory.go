// Memory that the system refuses: a fatal error that says so, whatever asked for it.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"time"
)

type node struct {
	next *node
	fill [10]int
}

var kept *node
var slices [][]byte

//go:noinline
func deep(n int) int {
	var a [100]int
	a[n%100] = n
	if n == 0 {
		return 0
	}
	return deep(n-1) + a[(n+1)%100]
}

const data = 2 // RLIMIT_DATA: private memory that can be written

func limit(bytes uint64) {
	status, _ := os.ReadFile("/proc/self/status")
	var used uint64
	for _, line := range strings.Split(string(status), "\n") {
		fmt.Sscanf(line, "VmData: %d", &used)
	}
	r := syscall.Rlimit{Cur: used<<10 + bytes, Max: used<<10 + bytes}
	if err := syscall.Setrlimit(data, &r); err != nil {
		fmt.Println(err)
	}
}

func child(how string) {
	defer func() { fmt.Println("recovered", recover()) }()
	limit(100 << 20)
	switch how {
	case "small":
		for {
			kept = &node{next: kept}
		}
	case "large":
		for {
			slices = append(slices, make([]byte, 8<<20))
		}
	case "map":
		m := map[int]string{}
		for i := 0; ; i++ {
			m[i] = fmt.Sprint(i)
		}
	case "append":
		var s []int
		for {
			s = append(s, s...)
			s = append(s, 1)
		}
	case "string":
		s := "x"
		for {
			s += s
		}
	case "stack":
		fmt.Println(deep(10000000))
	case "goroutines":
		for {
			go func() { select {} }()
		}
	// What the runtime keeps for itself.
	case "timers":
		for {
			time.AfterFunc(time.Hour, func() {})
		}
	case "finalizers":
		for {
			kept = &node{next: kept}
			runtime.SetFinalizer(kept, func(*node) {})
		}
	}
}

// It must say what happened. (The reference does not always: at some places its runtime
// crashes, which the second part is for.)
var outOfMemory = regexp.MustCompile(`(?m)^fatal error: .*(out of memory|cannot allocate memory)|/src/runtime/`)

func main() {
	if len(os.Args) > 1 {
		child(os.Args[1])
		return
	}
	for _, how := range []string{"small", "large", "map", "append", "string", "stack", "goroutines", "timers", "finalizers"} {
		cmd := exec.Command(os.Args[0], how)
		var errors strings.Builder
		cmd.Stderr = &errors
		out, err := cmd.Output()
		fmt.Printf("%s: %q %v\n", how, out, err)
		// Which part of the runtime runs out first differs.
		fmt.Println(outOfMemory.MatchString(errors.String()))
	}
}
