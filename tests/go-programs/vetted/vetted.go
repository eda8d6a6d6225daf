// Package vetted is full of mistakes that vet finds; `cargo xtask conformance programs`
// compares the reports of two vets on it.
package vetted

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

type guarded struct {
	sync.Mutex
	Name string `json:"name" json:"other"`
	kind string `json:kind`
}

func (g guarded) copies() guarded { return g }

func printing(g *guarded) {
	fmt.Printf("%d %s\n", "text", 3)
	fmt.Printf("%d\n")
	fmt.Println("%v", g)
	fmt.Sprintf("unused")
	fmt.Errorf("%w %w", errors.New("a"), 3)
	logf("%z", 1)
}

func logf(format string, args ...any) { fmt.Fprintf(os.Stderr, format, args...) }

func loops(list []string) int {
	var count atomic.Int64
	for _, s := range list {
		go func() { count.Add(int64(len(s))) }()
	}
	n := 3
	n = n
	if n == 3 || n == 3 {
		return n << 70
	}
	return 1
	return 2
}

func request() {
	answer, err := http.Get("http://localhost")
	defer answer.Body.Close()
	if err != nil {
		return
	}
	var target *os.PathError
	errors.As(err, target)
	sort.Slice(3, func(i, j int) bool { return false })
	_ = uintptr(unsafe.Pointer(answer)) + 1
	_ = (*int)(unsafe.Pointer(uintptr(8)))
	strings.Replace("a", "b", "c", 1)
	_ = time.Now().Format("2006-02-01")
	for {
		defer fmt.Println(time.Since(time.Now()))
	}
}

func assign(m map[string]int, e error) {
	var i interface{ Read() }
	_ = i.(interface{ Read() int })
	defer recover()
	switch {
	case m == nil, e == nil:
		break
	}
	var f func()
	if f == nil || assign == nil {
		f()
	}
	copied := guarded{}
	other := copied
	_ = other
}

func (g *guarded) MarshalJSON() string { return g.kind }

// Example of a string made from a number.
func convert(n int) string { return string(n) }
