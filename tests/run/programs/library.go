package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"
)

type P struct {
	Name string `json:"name"`
	Age  int    `json:"age,omitempty"`
	Tags []string
	M    map[string]float64
}

type Shape interface{ Area() float64 }
type Sq struct{ s float64 }
type Ci struct{ r float64 }

func (s Sq) Area() float64  { return s.s * s.s }
func (c *Ci) Area() float64 { return 3 * c.r * c.r }

func Map[T, U any](xs []T, f func(T) U) []U {
	var r []U
	for _, x := range xs {
		r = append(r, f(x))
	}
	return r
}

func seq(n int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func div(a, b int) (r int, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("recovered: %v", e)
		}
	}()
	return a / b, nil
}

func main() {
	p := P{"bob", 42, []string{"a", "b"}, map[string]float64{"x": 1.5, "y": 2}}
	b, err := json.Marshal(p)
	fmt.Println(string(b), err)
	var q P
	fmt.Println(json.Unmarshal(b, &q), q)
	for _, s := range []Shape{Sq{2}, &Ci{1}} {
		fmt.Printf("%T %v %.2f\n", s, s, s.Area())
	}
	fmt.Println(Map([]int{1, 2, 3}, func(i int) string { return strconv.Itoa(i * i) }))
	for i := range seq(10) {
		if i == 5 {
			break
		}
		fmt.Print(i, " ")
	}
	fmt.Println()
	fmt.Println(div(1, 0))
	re := regexp.MustCompile(`(\w+)@(\w+)\.com`)
	fmt.Println(re.FindStringSubmatch("hello bob@example.com!"))
	xs := strings.Split("the quick brown fox", " ")
	sort.Strings(xs)
	fmt.Println(xs, len(xs))
	t := time.Date(2026, 11, 21, 15, 0, 0, 0, time.UTC)
	fmt.Println(t.Format(time.RFC1123), t.Add(36*time.Hour).Weekday())
	start := time.Now()
	time.Sleep(10 * time.Millisecond)
	fmt.Println(time.Since(start) > 9*time.Millisecond)
	_, err = os.Open("/nonexistent")
	fmt.Println(err, errors.Is(err, os.ErrNotExist))
	ch := make(chan int)
	done := make(chan struct{})
	go func() {
		s := 0
		for v := range ch {
			s += v
		}
		fmt.Println("sum", s)
		close(done)
	}()
	for i := 0; i < 1000; i++ {
		ch <- i
	}
	close(ch)
	<-done
	select {
	case <-time.After(5 * time.Millisecond):
		fmt.Println("timeout")
	case <-make(chan int):
	}
	var m map[string]int
	defer fmt.Println("deferred")
	m["a"] = 1
}
