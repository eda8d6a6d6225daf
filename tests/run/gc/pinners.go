// A Pinner keeps objects alive until Unpin, may be used again, and is missed if it is dropped
// with objects that are pinned.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
	"unsafe"
)

type block struct {
	words [20]int
}

//go:noinline
func pinned(p *runtime.Pinner, name string) uintptr {
	b := &block{}
	b.words[7] = len(name)
	runtime.AddCleanup(b, func(name string) { ended <- name }, name)
	p.Pin(b)
	return uintptr(unsafe.Pointer(b))
}

var ended = make(chan string, 10)

func collect() {
	runtime.GC()
	runtime.GC()
	time.Sleep(time.Millisecond)
}

func keeps() {
	var p runtime.Pinner
	for round := range 3 {
		address := pinned(&p, "object")
		collect()
		fmt.Println(round, len(ended), (*block)(unsafe.Pointer(address)).words[7])
		address = 0
		p.Unpin()
		p.Unpin()
		runtime.GC()
		fmt.Println(<-ended)
	}
}

//go:noinline
func drop(unpin bool) {
	p := new(runtime.Pinner)
	pinned(p, "forgotten")
	if unpin {
		p.Unpin()
	}
}

func refused(what string, v any) {
	defer func() { fmt.Println(what, recover()) }()
	var p runtime.Pinner
	p.Pin(v)
	p.Unpin()
}

func main() {
	if len(os.Args) > 1 {
		drop(os.Args[1] == "unpinned")
		for range 100 {
			collect()
		}
		fmt.Println("alive")
		return
	}
	keeps()
	refused("nil", nil)
	refused("int", 1)
	refused("string", "a")
	refused("map", map[int]int{})
	refused("nil pointer", (*int)(nil))
	refused("unsafe pointer", unsafe.Pointer(new(int)))
	for _, how := range []string{"unpinned", "leaked"} {
		out, err := exec.Command(os.Args[0], how).CombinedOutput()
		first, _, _ := strings.Cut(string(out), "\n")
		fmt.Println(how, first, err)
	}
}
