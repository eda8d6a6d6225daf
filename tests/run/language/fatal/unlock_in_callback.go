// A mutex unlocked by the function called under it: the deferred unlock is a fatal error,
// which no recover catches.
package main

import (
	"fmt"
	"sync"
)

type guarded struct {
	sync.Mutex
	m map[string]int
}

func (g *guarded) with(f func()) {
	g.Lock()
	defer g.Unlock()
	f()
}

func main() {
	g := &guarded{m: map[string]int{}}
	g.with(func() { g.m["a"]++ })
	fmt.Println(g.m)
	defer func() { fmt.Println("never", recover()) }()
	g.with(func() { g.Unlock() })
}
