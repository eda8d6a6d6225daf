//goxide:replace package

package runtime

// The small public API.

// Compiler names the kind of compiler; programs compare it with "gc" to learn about
// layouts, which are gc's here.
const Compiler = "gc"

// GOOS and GOARCH name the system that the program was built for.
const (
	GOOS   string = "linux"
	GOARCH string = "amd64"
)

// defaultGOROOT is set by the linker.
var defaultGOROOT string

// GOROOT is the root of the Go tree: the environment's, or the one used for the build.
func GOROOT() string {
	if root := environment("GOROOT"); root != "" {
		return root
	}
	return defaultGOROOT
}

// buildVersion is set by the linker.
var buildVersion string

// Version is the version of the language and library.
func Version() string { return buildVersion }

// GC runs a garbage collection and returns when it is complete.
func GC() {
	from := gc_begin()
	for gc_step(from) == 0 {
	}
}

// Gosched lets other goroutines run.
func Gosched() { gosched() }

// NumGoroutine is the number of goroutines that exist.
func NumGoroutine() int { return num_goroutine() }

// NumCPU is the number of CPUs that the process could use when it started.
func NumCPU() int { return num_cpu() }

// NumCgoCall is 0: there is no cgo.
func NumCgoCall() int64 { return 0 }

// procs is how many CPUs run Go code at once, and never more than there are: a hint.
var procs int

func noteProcs() { procs = min(gomaxprocs(0), num_cpu()) }

// procsPolicy is what gomaxprocs_default is told; everything counts unless a setting says
// otherwise, as those of old go lines do.
var procsPolicy uintptr = 3

// startProcs tells the Rust half, which has begun with what it knows of the environment, what
// the program was built with.
func startProcs() {
	if godebugValue("containermaxprocs") == "0" {
		procsPolicy &^= 1
	}
	if godebugValue("updatemaxprocs") == "0" {
		procsPolicy &^= 2
	}
	n, ok := atoi(environment("GOMAXPROCS"))
	if set := ok && n > 0 && n <= 1<<31-1; !set && procsPolicy != 3 {
		gomaxprocs_default(procsPolicy)
	}
	noteProcs()
}

// GOMAXPROCS sets how many CPUs run Go code at once if n > 0, and gives the old number.
func GOMAXPROCS(n int) int {
	old := gomaxprocs(n)
	if n > 0 {
		noteProcs()
	}
	return old
}

// SetDefaultGOMAXPROCS goes back to the number that the processors and the control group give,
// whatever the environment says, and to following it.
func SetDefaultGOMAXPROCS() {
	gomaxprocs_default(procsPolicy)
	noteProcs()
}

// LockOSThread ties the calling goroutine to its thread until as many UnlockOSThread.
func LockOSThread() { lock_os_thread() }

// UnlockOSThread undoes one LockOSThread.
func UnlockOSThread() { unlock_os_thread() }

// Names that other modules link to.

func cputicks() int64          { return nanotime() }
func heapObjectsCanMove() bool { return false }
func procPin() int             { return proc_pin() }
func procUnpin()               { proc_unpin() }
func goyield()                 { gosched() }
func procyield(uint32)         {}
