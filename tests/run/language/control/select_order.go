// select: what is evaluated, in which order and when (even of cases that are not chosen), nil
// channels, assignments to any left side, break and labels, send to and receive from itself.
package main

import "fmt"

var trace []string

func ch(name string, c chan int) chan int { trace = append(trace, name); return c }
func val(name string, v int) int          { trace = append(trace, name); return v }
func flush() {
	fmt.Println(trace)
	trace = nil
}

type box struct {
	n  int
	ok bool
}

func at(name string, b *box) *box { trace = append(trace, name); return b }

func main() {
	full, empty, ready := make(chan int, 1), make(chan int, 1), make(chan int, 1)
	full <- 1
	ready <- 42
	var b box
	select {
	case ch("send to full", full) <- val("value", 1):
		fmt.Println("sent")
	case at("left side", &b).n = <-ch("empty", empty):
		fmt.Println("empty gave")
	case at("chosen left", &b).n, at("chosen ok", &b).ok = <-ch("ready", ready):
		fmt.Println("received", b)
	}
	flush()
	select {
	case ch("nil send", nil) <- val("nil value", 2):
	case <-ch("nil receive", nil):
	case <-ch("empty", empty):
	default:
		trace = append(trace, "default")
	}
	flush()
	func() {
		defer func() { fmt.Println("panic:", recover()); flush() }()
		closed := make(chan int)
		close(closed)
		select {
		case ch("closed", closed) <- val("v", 1):
		case <-ch("empty", empty):
		}
	}()
	closed := make(chan int)
	close(closed)
	m := map[string]int{}
	s := make([]int, 2)
	i := 0
	p := new(int)
	for n := range 5 {
		full2 := make(chan int, 1)
		full2 <- n + 10
		var src <-chan int = full2
		switch n {
		case 0:
			select {
			case m["key"] = <-src:
			}
		case 1:
			select {
			case s[i] = <-src:
				i++
			}
		case 2:
			select {
			case *p, b.ok = <-closed:
			}
		case 3:
			select {
			case _ = <-src:
			case x, ok := <-closed:
				_, _ = x, ok
			}
		case 4:
			select {
			case x, ok := <-src:
				fmt.Println(x, ok)
			}
		}
	}
	fmt.Println(m, s, i, *p, b)
loop:
	for n := 0; ; n++ {
		select {
		case empty <- n:
			if n > 2 {
				break loop
			}
			break
		case v := <-empty:
			if v == 2 {
				continue loop
			}
		}
		fmt.Println("after", n, len(empty))
	}
	self := make(chan chan int, 1)
	inner := make(chan int, 1)
	self <- inner
	select {
	case (<-self) <- val("through", 9):
	}
	fmt.Println(<-inner)
	flush()
	done := make(chan struct{})
	results := make(chan string)
	go func() {
		defer close(done)
		for r := range results {
			fmt.Println("got", r)
		}
	}()
	out, in := (chan string)(nil), make(chan string, 3)
	in <- "a"
	in <- "b"
	in <- "c"
	close(in)
	queue := []string{}
	for in != nil || len(queue) > 0 {
		first := ""
		if out = nil; len(queue) > 0 {
			out, first = results, queue[0]
		}
		select {
		case r, ok := <-in:
			if !ok {
				in = nil
				break
			}
			queue = append(queue, r+r)
		case out <- first:
			queue = queue[1:]
		}
	}
	close(results)
	<-done
	goto end
end:
	select {
	default:
	}
}
