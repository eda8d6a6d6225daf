// GODEBUG, GOGC, GOMEMLIMIT, GOMAXPROCS from the environment, with sense and with nonsense.
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
		fmt.Println(runtime.GOMAXPROCS(0) > 0, old, debug.SetMemoryLimit(-1))
		if os.Getenv("GOMAXPROCS") == "3" {
			fmt.Println(runtime.GOMAXPROCS(0))
		}
		return
	}
	for _, e := range []string{"A=1", "GOGC=50", "GOGC=off", "GOGC=nonsense", "GOGC=-5", "GOGC=", "GOMAXPROCS=3", "GOMAXPROCS=0", "GOMAXPROCS=-1", "GOMAXPROCS=lots", "GOMEMLIMIT=100MiB", "GOMEMLIMIT=1GiB", "GOMEMLIMIT=off", "GOMEMLIMIT=7", "GOMEMLIMIT=bad", "GOMEMLIMIT=5KB", "GODEBUG=nonsense", "GODEBUG=a=b,c,=,,x=1=2", "GODEBUG=panicnil=1", "GODEBUG=asynctimerchan=1", "GODEBUG=cgocheck=x,cgocheck=1", "GODEBUG=panicnil=1,asynctimerchan=2,tls3des=1", "GODEBUG=asynctimerchan=0,tls3des=0", "GOTRACEBACK=77"} {
		cmd := exec.Command(os.Args[0], "child")
		k, _, _ := strings.Cut(e, "=")
		for _, old := range os.Environ() {
			if !strings.HasPrefix(old, k+"=") && !strings.HasPrefix(old, "GOMAXPROCS=") {
				cmd.Env = append(cmd.Env, old)
			}
		}
		cmd.Env = append(cmd.Env, e)
		out, err := cmd.CombinedOutput()
		lines := strings.SplitN(string(out), "\n", 3)
		fmt.Printf("%s: %q %v\n", e, lines[:len(lines)-1], err)
	}
	// Where Go's report goes on, it does so with its own innards.
	cmd := exec.Command(os.Args[0], "child")
	cmd.Env = append(os.Environ(), "GODEBUG=cgocheck=2")
	out, err := cmd.CombinedOutput()
	first, _, _ := strings.Cut(string(out), "\n")
	fmt.Printf("%q %v\n", first, err)
}
