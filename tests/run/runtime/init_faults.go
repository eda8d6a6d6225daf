// What goes wrong in init functions is reported of a goroutine that is locked to the main
// thread while it waits, and no longer when it panics.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

var mode = strings.Join(os.Args[1:], "")

var early = initial()

func initial() int {
	switch mode {
	case "variable":
		panic("in a variable's initial value")
	case "nil map":
		var m map[string]int
		m["a"] = 1
	case "Goexit of a variable":
		runtime.Goexit()
	}
	return 1
}

func init() {
	switch mode {
	case "function":
		defer func() { panic(fmt.Sprint("second, after ", recover())) }()
		panic("first")
	case "recovered":
		defer func() { fmt.Println("recovered", recover()) }()
		panic("first")
	case "deadlock":
		<-make(chan int)
	case "Goexit":
		defer fmt.Println("deferred")
		runtime.Goexit()
	case "exit":
		os.Exit(7)
	}
}

func main() {
	if mode != "" {
		fmt.Println("main", early)
		return
	}
	for _, mode := range []string{"variable", "nil map", "Goexit of a variable", "function", "recovered", "deadlock", "Goexit", "exit"} {
		out, err := exec.Command(os.Args[0], mode).CombinedOutput()
		fmt.Println(mode+":", err)
		for line := range strings.Lines(string(out)) {
			if !strings.HasPrefix(line, "\t/") && !strings.HasPrefix(line, "main.") {
				fmt.Print("\t", line)
			}
			if strings.HasPrefix(line, "goroutine ") {
				break
			}
		}
	}
}
