// Claim: sync.Once runs its function once even if it fails; an atomic flag beside it
// tells whether it succeeded, without blocking.
package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

type config struct{ name string }

type lazyConfig struct {
	once   sync.Once
	loaded atomic.Bool
	cfg    *config
	loads  atomic.Int32
	load   func() *config
}

func (l *lazyConfig) get() *config {
	if l.loaded.Load() {
		return l.cfg
	}
	l.once.Do(func() {
		l.loads.Add(1)
		l.cfg = l.load()
		l.loaded.Store(l.cfg != nil)
	})
	return l.cfg
}

func main() {
	good := &lazyConfig{load: func() *config { return &config{"remote"} }}
	var wg sync.WaitGroup
	var same atomic.Int32
	for range 100 {
		wg.Go(func() {
			if c := good.get(); c != nil && c.name == "remote" {
				same.Add(1)
			}
		})
	}
	wg.Wait()
	fmt.Println("loads:", good.loads.Load(), "callers served:", same.Load(), good.loaded.Load())

	bad := &lazyConfig{load: func() *config { return nil }}
	fmt.Println(bad.get(), bad.get(), "loads:", bad.loads.Load(), bad.loaded.Load())

	angry := &lazyConfig{load: func() *config { panic("no network") }}
	for range 2 {
		func() {
			defer func() { fmt.Println("recovered:", recover()) }()
			fmt.Println("got", angry.get())
		}()
	}
	fmt.Println("loads:", angry.loads.Load(), angry.loaded.Load())

	value := sync.OnceValue(func() int { fmt.Println("computed"); return 42 })
	fmt.Println(value(), value())
	failing := sync.OnceFunc(func() { panic("again") })
	for range 2 {
		func() {
			defer func() { fmt.Println("recovered:", recover()) }()
			failing()
		}()
	}
}
