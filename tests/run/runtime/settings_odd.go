// Settings of the runtime with odd values: signs, spaces, overflows, wrong units.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
)

func main() {
	if len(os.Args) > 1 {
		old := debug.SetGCPercent(100)
		procs := fmt.Sprint(runtime.GOMAXPROCS(0))
		if procs == os.Args[1] {
			procs = "all"
		}
		fmt.Println(procs, old, debug.SetMemoryLimit(-1))
		return
	}
	// How many there are is the machine's affair.
	var environment []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "GOMAXPROCS=") {
			environment = append(environment, e)
		}
	}
	cmd := exec.Command(os.Args[0], "none")
	cmd.Env = environment
	out, err := cmd.Output()
	if err != nil {
		fmt.Println(err)
	}
	all, _, _ := strings.Cut(string(out), " ")
	for _, e := range []string{"GOGC=+50", "GOGC= 50", "GOGC=050", "GOGC=99999999999", "GOGC=0", "GOGC=OFF", "GOGC=1e3", "GOGC=0x10", "GOGC=2147483647", "GOGC=2147483648", "GOGC=-1",
		"GOMAXPROCS=+77", "GOMAXPROCS= 77", "GOMAXPROCS=077", "GOMAXPROCS=99999999999999999999", "GOMAXPROCS=4294967297", "GOMAXPROCS=77x",
		"GOMEMLIMIT=1024B", "GOMEMLIMIT=1k", "GOMEMLIMIT=1KiB", "GOMEMLIMIT=-1", "GOMEMLIMIT=0", "GOMEMLIMIT= 100MiB", "GOMEMLIMIT=1.5GiB", "GOMEMLIMIT=9223372036854775807", "GOMEMLIMIT=9223372036854775808", "GOMEMLIMIT=8388608TiB", "GOMEMLIMIT=8388607TiB", "GOMEMLIMIT=B", "GOMEMLIMIT=100iB", "GOMEMLIMIT=Off",
		"GODEBUG=schedtrace=abc", "GODEBUG=gctrace=x", "GODEBUG=gctrace", "GODEBUG==", "GODEBUG=,", "GODEBUG=gctrace=99999999999999999999", "GODEBUG=asyncpreemptoff=1", "GODEBUG=madvdontneed=1", "GODEBUG=execerrdot=7", "GODEBUG=http2client=zzz", "GODEBUG=invalidptr=1",
		"GOTRACEBACK=", "GOTRACEBACK=single,all"} {
		cmd := exec.Command(os.Args[0], all)
		k, _, _ := strings.Cut(e, "=")
		for _, old := range environment {
			if !strings.HasPrefix(old, k+"=") {
				cmd.Env = append(cmd.Env, old)
			}
		}
		cmd.Env = append(cmd.Env, e)
		out, err := cmd.CombinedOutput()
		lines := strings.SplitN(string(out), "\n", 4)
		if len(lines) > 3 {
			lines = lines[:3]
		}
		fmt.Printf("%s: %q %v\n", e, lines, err)
	}
}
