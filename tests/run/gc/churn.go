// Goroutines build and drop maps, strings and lists; nothing in use is ever freed.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

type item struct {
	key  string
	next *item
	data []byte
}

func (it *item) check(key string) {
	if it.key != key {
		panic("key " + it.key + " instead of " + key)
	}
	for _, b := range it.data {
		if b != byte(len(it.data)) {
			panic("data of " + key)
		}
	}
}

func work(id, steps int) (sum int) {
	m := map[string]*item{}
	seed := uint32(id)*2654435761 + 1
	for i := range steps {
		seed = seed*1664525 + 1013904223
		key := string([]byte{byte('a' + seed>>8%26), byte('a' + seed>>16%26)})
		it := &item{key: key, data: make([]byte, seed>>20%200), next: m[key]}
		for i := range it.data {
			it.data[i] = byte(len(it.data))
		}
		if it.next != nil {
			it.next.next = nil
		}
		m[key] = it
		if i%500 == 0 {
			for key, it := range m {
				it.check(key)
				if it.next != nil {
					it.next.check(key)
				}
			}
		}
		sum += len(it.data)
	}
	return sum
}

func main() {
	sums := make(chan int)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() { sums <- work(i, 20000) })
	}
	go func() {
		wg.Wait()
		close(sums)
	}()
	total := 0
	for sum := range sums {
		total += sum
	}
	fmt.Println(total)
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	fmt.Println(stats.NumGC > 0, stats.Mallocs > 300000, stats.Frees < stats.Mallocs)
	fmt.Println(stats.HeapAlloc < 64<<20, stats.TotalAlloc > 16<<20)
}
