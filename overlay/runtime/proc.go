//goxide:replace package

package runtime

import (
	"internal/cpu"
	"internal/runtime/atomic"
	"internal/runtime/exithook"
	"internal/runtime/maps"
	"unsafe"
)

// Start and end of a program.

// startTime is when the program started, on the monotonic clock.
var startTime int64

// main is what the first goroutine runs, locked to the main thread until all is
// initialised. Package variables that need code to be initialised have their values only
// after runtime_inits.
func main() {
	initialising := true
	defer func() {
		// A panic in an init function is reported when this has run.
		if initialising {
			unlock_os_thread()
		}
	}()
	startTime = nanotime()
	cpu.Initialize(environment("GODEBUG"))
	maps.AlgInit()
	initItabs()
	initTraceStart()
	runtime_inits()
	startServices()
	main_inits()
	initialising = false
	unlock_os_thread()
	noteMemProfileRate()
	main_main()
	if atomic.Load(&panicking) != 0 {
		gopark_forever(waitReasonPanicWait)
	}
	exithook.Run(0)
	os_exit(0)
}

// startServices starts what needs the runtime's own variables.
func startServices() {
	exithook.Gosched = Gosched
	exithook.Goid = func() uint64 { return getg().goid }
	exithook.Throw = throw
	godebugStart()
	startProcs()
	noteMemProfileRate()
}

//go:linkname os_beforeExit os.runtime_beforeExit
func os_beforeExit(status int) { exithook.Run(status) }

//go:linkname syscall_Exit syscall.Exit
func syscall_Exit(status int) { os_exit(status) }

// Arguments and environment, as they were at the start.

const (
	argVector   = 0
	environ     = 1
	auxiliaries = 2
)

func cStrings(which uintptr) []string {
	first, n := args(which)
	list := make([]string, n)
	for i := range list {
		list[i] = gostring(*(**byte)(add(first, uintptr(i)*8)))
	}
	return list
}

// environment is the value of a variable in the environment that the program got.
func environment(name string) string {
	first, n := args(environ)
	for i := 0; i < n; i++ {
		s := gostringnocopy(*(**byte)(add(first, uintptr(i)*8)))
		if len(s) > len(name) && s[len(name)] == '=' && s[:len(name)] == name {
			return s[len(name)+1:]
		}
	}
	return ""
}

//go:linkname os_runtime_args os.runtime_args
func os_runtime_args() []string { return cStrings(argVector) }

//go:linkname syscall_runtime_envs syscall.runtime_envs
func syscall_runtime_envs() []string { return cStrings(environ) }

// getAuxv gives the auxiliary vector (getauxval(3)) as pairs of words.
func getAuxv() []uintptr {
	first, n := args(auxiliaries)
	return unsafe.Slice((*uintptr)(first), n)
}

//go:linkname syscall_Getpagesize syscall.Getpagesize
func syscall_Getpagesize() int { return 4096 }
