// Allocation by size, of objects without and with pointers.
package main

import (
	"strconv"

	"bench/measure"
)

var (
	bytesSink    []byte
	pointersSink []*int
)

func main() {
	const n = 20_000
	for _, size := range []int{8, 16, 32, 64, 128, 512, 2048, 8192, 65536} {
		count := min(n, 64<<20/size/8)
		measure.Row("allocate "+strconv.Itoa(size)+" bytes", count, func() uint64 {
			for range count {
				bytesSink = make([]byte, size)
			}
			return uint64(len(bytesSink))
		})
	}
	for _, size := range []int{16, 64, 512} {
		measure.Row("allocate "+strconv.Itoa(size)+" bytes of pointers", n, func() uint64 {
			for range n {
				pointersSink = make([]*int, size/8)
			}
			return uint64(len(pointersSink))
		})
	}
}
