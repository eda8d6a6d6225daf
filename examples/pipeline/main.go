// Pipeline counts the words of a text in stages joined by channels, with workers that
// come and go, a deadline, deferred clean-up, and a panic that does not spread.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"
	"sync"
	"time"
)

const text = `a goroutine is cheap
a channel joins two goroutines
a select waits for many channels
defer runs when a function ends
panic ends many functions at once
recover ends a panic`

// line is one line of the text with its number.
type line struct {
	number int
	text   string
}

// count is how often a word occurs in one line.
type count struct {
	word string
	n    int
}

var errPoison = errors.New("poisoned line")

// produce sends the lines and closes the channel.
func produce(ctx context.Context, lines chan<- line) {
	defer close(lines)
	for i, s := range strings.Split(text, "\n") {
		select {
		case lines <- line{i + 1, s}:
		case <-ctx.Done():
			return
		}
	}
}

// words counts the words of a line. A line about panics makes it panic.
func words(l line) (counts []count, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("line %d: %v: %w", l.number, r, errPoison)
		}
	}()
	if strings.HasPrefix(l.text, "panic") {
		panic("worker lost its nerve")
	}
	seen := map[string]int{}
	for _, w := range strings.Fields(l.text) {
		seen[w]++
	}
	for w, n := range seen {
		counts = append(counts, count{w, n})
	}
	return counts, nil
}

// work counts lines until there are none left.
func work(lines <-chan line, counts chan<- count, failed chan<- error) {
	for l := range lines {
		found, err := words(l)
		if err != nil {
			failed <- err
			continue
		}
		for _, c := range found {
			counts <- c
		}
	}
}

func main() {
	workers := 4
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()

	lines := make(chan line)
	counts := make(chan count, 8)
	failed := make(chan error, 8)

	go produce(ctx, lines)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() { work(lines, counts, failed) })
	}
	go func() {
		wg.Wait()
		close(counts)
		close(failed)
	}()

	total := map[string]int{}
	for c := range counts {
		total[c.word] += c.n
	}

	list := make([]string, 0, len(total))
	for w := range total {
		list = append(list, w)
	}
	sort.Slice(list, func(i, j int) bool {
		a, b := list[i], list[j]
		return total[a] > total[b] || total[a] == total[b] && a < b
	})
	for _, w := range list[:5] {
		fmt.Printf("%-10s %d\n", w, total[w])
	}
	for err := range failed {
		fmt.Println(err, errors.Is(err, errPoison))
	}
	if len(total) != 20 {
		fmt.Fprintln(os.Stderr, "unexpected number of words:", len(total))
		os.Exit(1)
	}
}
