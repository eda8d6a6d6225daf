// GODEBUG=tracebackancestors: dumps tell where the goroutines were that made a goroutine. (gc gives
// the line behind a call now and then, so lines are left out.)
package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
)

//go:noinline
func grandchild(done chan string) {
	b := make([]byte, 1<<16)
	done <- string(b[:runtime.Stack(b, false)])
}

//go:noinline
func child(done chan string) {
	between(done)
}

//go:noinline
func between(done chan string) {
	go grandchild(done)
}

//go:noinline
func starts(done chan string) {
	go child(done)
}

var away = regexp.MustCompile(`(?m)^(main\.\w+)\(0x.*\)$`)
var place = regexp.MustCompile(`(?m)^\t.*/([\w.]+):\d+ \+0x[0-9a-f]+$`)
var number = regexp.MustCompile(`goroutine (\d+)`)

func main() {
	if len(os.Args) > 1 {
		done := make(chan string)
		starts(done)
		fmt.Print(<-done)
		// Those that have ended are forgotten.
		for range 3 {
			starts(done)
			<-done
		}
		return
	}
	for _, n := range []string{"0", "1", "2", "9"} {
		cmd := exec.Command(os.Args[0], "child")
		cmd.Env = append(os.Environ(), "GODEBUG=tracebackancestors="+n)
		out, err := cmd.CombinedOutput()
		text := away.ReplaceAllString(string(out), "$1(...)")
		text = place.ReplaceAllString(text, "\t$1")
		text = number.ReplaceAllStringFunc(text, func(s string) string {
			if s == "goroutine 1" {
				return s
			}
			return "goroutine N"
		})
		fmt.Println("==", n, err)
		fmt.Print(strings.TrimSuffix(text, "\n"), "\n")
	}
}
