// select in all its forms: sends, receives with two results, default, assignment to
// elements, evaluation of operands, nil channels, in loops, with timeouts, one case.
package main

import (
	"fmt"
	"time"
)

func ch(name string, c chan int) chan int { fmt.Print("chan ", name, "; "); return c }
func val(n int) int                       { fmt.Print("val ", n, "; "); return n }

func main() {
	full, empty, closed := make(chan int, 1), make(chan int, 1), make(chan int)
	full <- 1
	close(closed)
	select {
	case ch("full", full) <- val(5):
		fmt.Println("never")
	case v := <-ch("empty", empty):
		fmt.Println("never", v)
	case v, ok := <-ch("closed", closed):
		fmt.Println("closed", v, ok)
	}
	select {
	case v := <-empty:
		fmt.Println(v)
	case full <- 2:
		fmt.Println("never")
	default:
		fmt.Println("default")
	}
	var none chan int
	select {
	case <-none:
	case none <- 1:
	case empty <- 7:
		fmt.Println("sent", len(empty))
	}
	m := map[string]int{}
	s := []int{0, 0}
	i := 0
	index := func() int { i++; fmt.Print("index; "); return i }
	var ok bool
	select {
	case m["k"] = <-full:
	}
	select {
	case s[index()], ok = <-empty:
		fmt.Println(m, s, ok)
	}
	select {
	case s[index()-2], ok = <-closed:
		fmt.Println(s, ok)
	case s[index()] = <-none:
	}
	type rec struct{ v int }
	recs := make(chan rec, 2)
	r := &rec{}
	recs <- rec{1}
	select {
	case *r = <-recs:
		fmt.Println(*r)
	}
	select {
	case recs <- rec{r.v + 1}:
		fmt.Println((<-recs).v)
	}
	select {
	case <-time.After(time.Millisecond):
		fmt.Println("timeout")
	case <-none:
	}
	result, quit := make(chan string), make(chan bool)
	go func() {
		for s := range 3 {
			result <- fmt.Sprint("item ", s)
		}
		close(quit)
	}()
loop:
	for {
		select {
		case s := <-result:
			fmt.Println(s)
		case <-quit:
			break loop
		}
	}
	counts := [2]int{}
	a, b := make(chan int, 1000), make(chan int, 1000)
	for range 1000 {
		a <- 1
		b <- 1
	}
	for range 1000 {
		select {
		case <-a:
			counts[0]++
		case <-b:
			counts[1]++
		}
	}
	fmt.Println(counts[0]+counts[1], counts[0] > 300, counts[1] > 300)
	select {
	case f := <-func() chan func() string {
		c := make(chan func() string, 1)
		c <- func() string { return "called" }
		return c
	}():
		fmt.Println(f())
	}
	func() {
		defer func() { fmt.Println(recover()) }()
		select {
		case closed <- val(3):
		default:
		}
	}()
	select {
	default:
		fmt.Println("only default")
	}
}
