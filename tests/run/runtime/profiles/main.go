// The profiles of runtime/pprof: what is in them is read back and judged, never timed.
package main

import (
	"fmt"
	"os"
	"strings"
)

func main() {
	cpu()
	labels()
	collecting()
	allocations()
	sampled()
	waits()
	goroutines()
	leaks()
	served()
}

// shown tells a property that must hold, and of one that does not what was found instead.
func shown(what string, holds bool, found ...any) {
	fmt.Println(what+":", holds)
	if !holds {
		fmt.Fprintln(os.Stderr, what, found)
	}
}

func check(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// calls is a stack as text, innermost first, of this program's functions.
func calls(frames []frame) string {
	var names []string
	for _, f := range frames {
		if strings.HasPrefix(f.function, "main.") {
			names = append(names, f.function)
		}
	}
	return strings.Join(names, " < ")
}
