// Very much garbage through a small heap: 100 GB in pieces of 16 to 1,000 bytes, with 50 MB
// alive, under GOGC=100. The process may not grow beyond 250 MB.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"example.test/load/check"
)

var (
	total = flag.Int("mb", 100_000, "how many MB are allocated")
	live  = flag.Int("live", 50, "how many MB are alive")
)

const mostKB = 250_000

// A piece holds its own number in all of its words.
type piece struct{ words []int }

func newPiece(n int) *piece {
	p := &piece{words: make([]int, n%120+1)}
	for i := range p.words {
		p.words[i] = n
	}
	return p
}

func (p *piece) bytes() int { return 24 + 8*len(p.words) }

func (p *piece) check(l *check.Load) {
	for _, n := range p.words {
		if n != p.words[0] {
			l.Fail("piece %d holds %d", p.words[0], n)
			return
		}
	}
}

// peakKB is the most memory that the process ever had.
func peakKB() (kb int) {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			fmt.Sscan(rest, &kb)
		}
	}
	return kb
}

func main() {
	l := check.Start()
	debug.SetGCPercent(100)
	// A ring of pieces: a new one takes the place of the oldest.
	var ring []*piece
	for n, bytes := 0, 0; bytes < *live<<20; n++ {
		ring = append(ring, newPiece(n))
		bytes += ring[n].bytes()
	}
	l.Warm()
	n := len(ring)
	for bytes := 0; bytes < *total<<20; n++ {
		at := n % len(ring)
		ring[at].check(l)
		ring[at] = newPiece(n)
		bytes += ring[at].bytes()
	}
	l.Done()
	if kb := peakKB(); kb > mostKB && *live == 50 {
		l.Fail("the process had %d KB", kb)
	} else {
		fmt.Printf("%d pieces, at most %d KB\n", n, kb)
	}
	l.Finish()
}
