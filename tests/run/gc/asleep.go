// Everybody waits for a finalizer or a cleanup that the collector has yet to come to: that is
// no deadlock. If none is to come, it is one.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"weak"
)

type thing struct{ a [6]int }

const many = 50_000

var (
	came = make(chan int, 1000)
	sink *[64]int
)

func tell(int) {
	select {
	case came <- 1:
	default:
	}
}

//go:noinline
func drop() {
	for i := range many {
		t := new(thing)
		if i%2 == 0 {
			runtime.SetFinalizer(t, func(*thing) { tell(i) })
		} else {
			runtime.AddCleanup(t, tell, i)
		}
	}
}

// untilCollected allocates, so that nobody waits for the end of the collection.
func untilCollected() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	for n := m.NumGC; m.NumGC == n; runtime.ReadMemStats(&m) {
		for range 64 {
			sink = new([64]int)
		}
	}
}

// child has much for the collector to put right, of which nobody is told but if that is "due".
func child(how string) {
	if how == "due" {
		for range 30 {
			drop()
			for len(came) > 0 {
				<-came
			}
			untilCollected()
			<-came
		}
		return
	}
	var handles [many]weak.Pointer[thing]
	for i := range handles {
		handles[i] = weak.Make(new(thing))
	}
	untilCollected()
	<-came
	runtime.KeepAlive(&handles)
}

func main() {
	if len(os.Args) > 1 {
		child(os.Args[1])
		return
	}
	for i := range 4 {
		cmd := exec.Command(os.Args[0], []string{"due", "none"}[i%2])
		var errors strings.Builder
		cmd.Stderr = &errors
		err := cmd.Run()
		first, _, _ := strings.Cut(errors.String(), "\n")
		fmt.Println(cmd.Args[1], first, err)
	}
}
