// Package measure times work inside a benchmark program, so that the start of the process
// is in no figure, and prints one line for each row:
//
//	row NAME VALUE
//
// Values are nanoseconds for one operation unless the name says otherwise; less is better.
// All other lines are results that must be equal whoever compiled the program.
package measure

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// A program repeats its work until this much time has gone by.
const (
	budget     = 300 * time.Millisecond
	minRepeats = 5
	maxRepeats = 1000
)

// Wanted tells whether a row is asked for: all are, unless the program has arguments, of
// which one must then be part of the row's name.
func Wanted(name string) bool {
	if len(os.Args) == 1 {
		return true
	}
	return slices.ContainsFunc(os.Args[1:], func(part string) bool {
		return strings.Contains(name, part)
	})
}

// Row repeats work, which does ops operations and gives a checksum of what it did, and
// prints the median time and the checksum. (The best time would leave out what comes once
// in a while, as collections do, and with them much of what allocation costs.)
func Row(name string, ops int, work func() uint64) {
	if !Wanted(name) {
		return
	}
	sum := work() // Warms caches and the heap.
	var times []time.Duration
	started := time.Now()
	for repeat := 0; repeat < maxRepeats; repeat++ {
		if repeat >= minRepeats && time.Since(started) > budget {
			break
		}
		before := time.Now()
		again := work()
		times = append(times, time.Since(before))
		if again != sum {
			fmt.Println("results differ between repeats of", name)
		}
	}
	Value(name, float64(Percentile(times, 50).Nanoseconds())/float64(ops))
	fmt.Printf("sum %s %x\n", name, sum)
}

// Value prints a row that was measured in another way.
func Value(name string, value float64) {
	fmt.Printf("row %s %.3f\n", name, value)
}

// Percentile is the value below which p hundredths of the sorted values are.
func Percentile(values []time.Duration, p int) time.Duration {
	slices.Sort(values)
	return values[(len(values)-1)*p/100]
}
