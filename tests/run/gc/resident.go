// Memory that is not used any more is used again: 2 GB in small pieces go through a heap of
// 10 MB, and the process stays small. (The same with 100 GB and 50 MB stays below 250 MB.)
//
//test:measures
package main

import (
	"fmt"
	"os"
	"strings"
)

type node struct {
	a, b *node
	v    [4]int
}

// peak is the largest resident size so far, in MB.
func peak() int {
	status, _ := os.ReadFile("/proc/self/status")
	for _, line := range strings.Split(string(status), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n := 0
			fmt.Sscanf(strings.TrimSpace(rest), "%d", &n)
			return n >> 10
		}
	}
	return -1
}

var (
	last  *node
	bytes []byte
)

func main() {
	const live = 200_000
	table := make([]*node, live)
	for i := range table {
		table[i] = new(node)
	}
	r := uint32(1)
	for total := 0; total < 2<<30; {
		r = r*1664525 + 1013904223
		n := &node{a: last}
		last = &node{}
		table[r%live] = n
		n.a = nil
		bytes = make([]byte, 16+r>>25)
		total += 2*48 + len(bytes)
	}
	mb := peak()
	fmt.Println("peak known:", mb > 0, "below 64 MB:", mb < 64)
}
