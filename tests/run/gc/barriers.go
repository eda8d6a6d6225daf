// Pointers move between heap, stacks, channels, maps, slices, atomics and globals while the
// collector marks: whoever loses one finds a node with a wrong check word, or crashes.
package main

import (
	"fmt"
	"reflect"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

type node struct {
	next  *node
	other *node
	check uint64
	id    uint64
	pad   [3]*node
}

const magic = 0x9e3779b97f4a7c15

func fresh(id uint64) *node { return &node{id: id, check: id * magic} }

func (n *node) verify() {
	if n != nil && n.check != n.id*magic {
		panic(fmt.Sprintf("node %p: id %d, check %#x", n, n.id, n.check))
	}
}

type big struct {
	n    [12]*node
	size int
}

var (
	global  [64]atomic.Pointer[node]
	plain   [8]*node
	plainMu sync.Mutex
	bigs    [4]big
)

type random uint64

func (r *random) below(n int) int {
	*r = *r*6364136223846793005 + 1442695040888963407
	return int(uint64(*r)>>33) % n
}

func worker(seed int, steps int, in <-chan *node, out chan<- *node, wg *sync.WaitGroup) {
	defer wg.Done()
	r := random(seed)
	local := [16]*node{}
	index := map[int]*node{}
	slice := make([]*node, 0, 4)
	var boxed any
	for i := 0; i < steps; i++ {
		a, b := r.below(16), r.below(16)
		switch r.below(14) {
		case 0, 1:
			n := fresh(uint64(seed)<<32 | uint64(i))
			n.next, n.other = local[a], local[b]
			local[a] = n
		case 2: // from the heap to the stack, and gone from the heap
			if n := local[a]; n != nil {
				local[b] = n.next
				n.next = nil
			}
		case 3:
			if n := local[a]; n != nil {
				n.other = local[b]
				n.pad[a%3] = n.next
			}
		case 4:
			local[a] = global[a*4].Swap(local[b])
		case 5:
			old := global[b].Load()
			if global[b].CompareAndSwap(old, local[a]) {
				local[a] = old
			}
		case 6:
			index[a] = local[b]
			if len(index) > 10 {
				for k, v := range index {
					local[b] = v
					delete(index, k)
					break
				}
			}
		case 7:
			slice = append(slice, local[a])
			if len(slice) > 100 {
				local[b] = slice[50]
				slice = append([]*node(nil), slice[90:]...)
			}
		case 8:
			select {
			case out <- local[a]:
				local[a] = nil
			default:
			}
		case 9:
			select {
			case local[b] = <-in:
			default:
			}
		case 10:
			plainMu.Lock()
			local[a], plain[b/2] = plain[b/2], local[a]
			bigs[a/4].n[b%12] = local[b]
			bigs[b/4] = bigs[a/4]
			plainMu.Unlock()
		case 11:
			boxed = local[a]
			v := reflect.ValueOf(&local[b]).Elem()
			v.Set(reflect.ValueOf(boxed))
		case 12:
			n := local[a]
			f := func() *node { return n }
			local[b] = f()
		case 13:
			local[a] = nil
		}
		local[a].verify()
		local[b].verify()
		if n := local[a]; n != nil {
			n.next.verify()
			n.other.verify()
			if n.other != nil && r.below(4) == 0 {
				n.other = nil
			}
		}
	}
}

func main() {
	debug.SetGCPercent(10)
	// Live data to mark, so that marking takes a while.
	var live []*node
	for i := 0; i < 40000; i++ {
		live = append(live, fresh(uint64(i)))
	}
	const workers = 6
	chans := make([]chan *node, workers)
	for i := range chans {
		chans[i] = make(chan *node, i*3)
	}
	var wg sync.WaitGroup
	for i := 0; i < workers; i++ {
		wg.Add(1)
		go worker(i+1, 200000, chans[i], chans[(i+1)%workers], &wg)
	}
	wg.Wait()
	for _, n := range live {
		n.verify()
	}
	for i := range global {
		global[i].Load().verify()
	}
	for i := range bigs {
		for _, n := range bigs[i].n {
			n.verify()
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Println("done, many collections:", m.NumGC > 5)
}
