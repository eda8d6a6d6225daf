// GOMAXPROCS follows the processors that the process may use, unless it was set; NumCPU does
// not.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

// restrict lets all threads, and those that they will make, run on the first processor only,
// or on as many as before.
func restrict(mask []uint64) {
	threads, _ := os.ReadDir("/proc/self/task")
	for _, t := range threads {
		id, _ := strconv.Atoi(t.Name())
		syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, uintptr(id), uintptr(len(mask)*8), uintptr(unsafe.Pointer(&mask[0])))
	}
}

func masks() (all, one []uint64) {
	all, one = make([]uint64, 128), make([]uint64, 128)
	syscall.RawSyscall(syscall.SYS_SCHED_GETAFFINITY, 0, uintptr(len(all)*8), uintptr(unsafe.Pointer(&all[0])))
	for i, word := range all {
		if word != 0 {
			one[i] = word & -word
			break
		}
	}
	return all, one
}

// becomes waits until GOMAXPROCS is so many.
func becomes(n int) bool {
	for range 1000 {
		if runtime.GOMAXPROCS(0) == n {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

func child(follows bool) {
	all, one := masks()
	cpus, procs := runtime.NumCPU(), runtime.GOMAXPROCS(0)
	restrict(one)
	if follows {
		fmt.Println("one:", becomes(1), runtime.NumCPU() == cpus)
		restrict(all)
		fmt.Println("all:", becomes(procs), runtime.NumCPU() == cpus)
		restrict(one)
		fmt.Println("one:", becomes(1))
		restrict(all)
		runtime.GOMAXPROCS(5)
	}
	n, byDefault := runtime.GOMAXPROCS(0), procs
	time.Sleep(1500 * time.Millisecond)
	fmt.Println("set or not followed:", runtime.GOMAXPROCS(0) == n)
	restrict(one)
	runtime.SetDefaultGOMAXPROCS()
	fmt.Println("by default:", runtime.GOMAXPROCS(0))
	restrict(all)
	runtime.SetDefaultGOMAXPROCS()
	if os.Getenv("GOMAXPROCS") != "" {
		byDefault = cpus
	}
	fmt.Println("by default:", runtime.GOMAXPROCS(0) <= byDefault, runtime.GOMAXPROCS(0) >= min(2, cpus))
}

func main() {
	if len(os.Args) > 1 {
		child(os.Args[1] == "follows")
		return
	}
	for _, setting := range []string{"", "GODEBUG=updatemaxprocs=0", "GOMAXPROCS=3"} {
		how := "follows"
		if setting != "" {
			how = "stays"
		}
		cmd := exec.Command(os.Args[0], how)
		cmd.Env = slices.DeleteFunc(append(os.Environ(), setting), func(s string) bool {
			return s == "" || setting == "" && strings.HasPrefix(s, "GOMAXPROCS=")
		})
		out, err := cmd.CombinedOutput()
		fmt.Printf("%s %q %v\n%s", how, setting, err, out)
	}
}
