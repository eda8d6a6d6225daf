// A parallel word count over a tree of source files, again and again: the counts must be
// the same each time, and those of a plain count with one goroutine.
package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"hash/fnv"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"unicode"

	"example.test/load/check"
)

var (
	dir     = flag.String("dir", ".", "the tree")
	limit   = flag.Int("files", 1500, "how many files are read")
	workers = flag.Int("workers", 16, "how many goroutines count")
)

type counts map[string]int

func split(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' }

func (c counts) file(path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	sc := bufio.NewScanner(bytes.NewReader(b))
	sc.Buffer(nil, 1<<24)
	for sc.Scan() {
		for w := range strings.FieldsFuncSeq(sc.Text(), split) {
			c[strings.ToLower(w)]++
		}
	}
	return sc.Err()
}

func (c counts) add(d counts) {
	for w, n := range d {
		c[w] += n
	}
}

// sum is one number for all counts, whatever the order of the map.
func (c counts) sum() string {
	words := make([]string, 0, len(c))
	total := 0
	for w, n := range c {
		words = append(words, w)
		total += n
	}
	sort.Slice(words, func(i, j int) bool {
		if a, b := c[words[i]], c[words[j]]; a != b {
			return a > b
		}
		return words[i] < words[j]
	})
	h := fnv.New64a()
	for _, w := range words {
		fmt.Fprintln(h, w, c[w])
	}
	top := words[:min(5, len(words))]
	return fmt.Sprint(len(c), " words, ", total, " in all, most often ", top, " ", h.Sum64())
}

func parallel(l *check.Load, files []string) counts {
	paths := make(chan string)
	results := make(chan counts, *workers)
	var wg sync.WaitGroup
	for range *workers {
		wg.Go(func() {
			own := counts{}
			for p := range paths {
				if err := own.file(p); err != nil {
					l.Fail("%v", err)
				}
				l.Done()
			}
			results <- own
		})
	}
	for _, f := range files {
		paths <- f
	}
	close(paths)
	wg.Wait()
	close(results)
	all := counts{}
	for r := range results {
		all.add(r)
	}
	return all
}

func main() {
	l := check.Start()
	var files []string
	err := filepath.WalkDir(*dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(p, ".go") {
			files = append(files, p)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		log.Fatal("no files: ", err)
	}
	sort.Strings(files)
	files = files[:min(*limit, len(files))]
	plain := counts{}
	for _, f := range files {
		if err := plain.file(f); err != nil {
			log.Fatal(err)
		}
	}
	want := plain.sum()
	fmt.Println(len(files), "files:", want)
	plain = nil
	var wg sync.WaitGroup
	wg.Go(func() {
		for round := 0; round == 0 || l.Running(); round++ {
			if got := parallel(l, files).sum(); got != want {
				l.Fail("round %d: %s", round, got)
			}
		}
	})
	l.Watch()
	wg.Wait()
	l.Finish()
}
