// select: fairness within statistics, nil channels, closed channels, evaluation order, sends.
package main

import (
	"fmt"
	"sync"
	"time"
)

func trace(s string, c chan int) chan int { fmt.Print(s, " "); return c }
func val(v int) int                       { fmt.Print("v", v, " "); return v }

func main() {
	a, b := make(chan int), make(chan int)
	close(a)
	close(b)
	var na, nb int
	for range 20000 {
		select {
		case <-a:
			na++
		case <-b:
			nb++
		}
	}
	fmt.Println(na > 9000, nb > 9000)
	counts := make([]int, 8)
	chans := make([]chan int, 8)
	for i := range chans {
		chans[i] = make(chan int, 1)
		chans[i] <- i
	}
	for range 16000 {
		var i int
		select {
		case i = <-chans[0]:
		case i = <-chans[1]:
		case i = <-chans[2]:
		case i = <-chans[3]:
		case i = <-chans[4]:
		case i = <-chans[5]:
		case i = <-chans[6]:
		case i = <-chans[7]:
		}
		counts[i]++
		chans[i] <- i
	}
	fair := true
	for _, c := range counts {
		fair = fair && c > 1600 && c < 2400
	}
	fmt.Println(fair)

	var nilc chan int
	select {
	case <-nilc:
	case nilc <- 1:
	default:
		fmt.Println("default with nil channels")
	}
	c1, c2 := make(chan int, 1), make(chan int, 1)
	c1 <- 10
	arr := [3]int{}
	idx := func(i int) int { fmt.Print("idx", i, " "); return i }
	select {
	case arr[idx(1)] = <-trace("c1", c1):
	case trace("nil", nilc) <- val(2):
	}
	fmt.Println(arr)
	select {
	case trace("c2", c2) <- val(7):
	case v := <-trace("nil", nilc):
		fmt.Println(v)
	}
	fmt.Println(<-c2)
	v, ok := 1, true
	select {
	case v, ok = <-a:
	}
	fmt.Println(v, ok)
	func() {
		defer func() { fmt.Println(recover()) }()
		select {
		case a <- 1:
		default:
		}
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		select {
		case a <- 1:
		case <-nilc:
		}
	}()
	// Both sides in selects meet exactly once.
	x, y := make(chan int), make(chan int)
	var wg sync.WaitGroup
	var mu sync.Mutex
	sent, received := 0, 0
	for range 20 {
		wg.Go(func() {
			for i := range 200 {
				select {
				case x <- i:
					mu.Lock()
					sent += i
					mu.Unlock()
				case v := <-y:
					mu.Lock()
					received += v
					mu.Unlock()
				}
			}
		})
		wg.Go(func() {
			for i := range 200 {
				select {
				case y <- i:
					mu.Lock()
					sent += i
					mu.Unlock()
				case v := <-x:
					mu.Lock()
					received += v
					mu.Unlock()
				}
			}
		})
	}
	fin := make(chan bool)
	go func() { wg.Wait(); close(fin) }()
	stuck := false
	for !stuck {
		select {
		case <-fin:
			stuck = true
		case <-time.After(100 * time.Millisecond):
			// The last ones have no partner left: help them out.
			select {
			case v := <-x:
				received += v
			case v := <-y:
				received += v
			default:
			}
		}
	}
	fmt.Println(sent == received)
	// Break and labels, loops with select, draining.
	data, quit := make(chan int), make(chan bool)
	go func() {
		for i := range 5 {
			data <- i
		}
		close(quit)
	}()
	sum := 0
loop:
	for {
		select {
		case v := <-data:
			if v == 2 {
				continue loop
			}
			sum += v
			if v == 3 {
				break
			}
			sum += 100
		case <-quit:
			break loop
		}
	}
	fmt.Println(sum)
	// Send and receive on the same channel within one select can't meet itself.
	self := make(chan int)
	select {
	case self <- 1:
		fmt.Println("impossible")
	case <-self:
		fmt.Println("impossible")
	default:
		fmt.Println("no partner")
	}
	select {
	case <-time.After(time.Millisecond):
	case self <- 1:
	}
	dup := make(chan int, 10)
	for range 10 {
		select {
		case dup <- 1:
		case dup <- 2:
		case dup <- 3:
		}
	}
	fmt.Println(len(dup))
}
