// Claim: records of deferred calls are taken from a pool and given back, so a loop of
// deferring calls allocates no more of them than are pending at once. A model of such a
// pool, and a look at what a real loop leaves behind.
package main

import (
	"fmt"
	"runtime"
)

type record struct {
	fn   func()
	link *record
}

type pool struct {
	free *record
	made int
}

func (p *pool) get(fn func()) *record {
	r := p.free
	if r == nil {
		p.made++
		r = new(record)
	} else {
		p.free = r.link
	}
	r.fn, r.link = fn, nil
	return r
}

func (p *pool) put(r *record) {
	r.fn, r.link = nil, p.free
	p.free = r
}

func (p *pool) run(depth int, calls *int) {
	var head *record
	for range depth {
		r := p.get(func() { *calls++ })
		r.link = head
		head = r
	}
	for head != nil {
		r := head
		head = r.link
		r.fn()
		p.put(r)
	}
}

func real(depth int, calls *int) {
	for range depth {
		defer func() { *calls++ }()
	}
}

func main() {
	var p pool
	calls := 0
	for round := range 1000 {
		p.run(round%7, &calls)
	}
	fmt.Println("model: calls", calls, "records", p.made)

	calls = 0
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for round := range 1000 {
		real(round%7, &calls)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	grown := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	fmt.Println("real: calls", calls, "keeps little:", grown < 1<<20)
}
