// Markers read the stacks of thousands of goroutines while these are woken, started, ended
// and handed pointers: whoever loses one finds a ball with a wrong check word.
//
//test:env GODEBUG=goxidegctorture=1000
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

type ball struct {
	check, id uint64
	next      *ball
	pad       [5]uint64
}

const magic = 0x9e3779b97f4a7c15

func newBall(id uint64) *ball { return &ball{id: id, check: id * magic, next: &ball{check: ^id}} }
func (b *ball) verify() {
	if b.check != b.id*magic || b.next.check != ^b.id {
		panic(fmt.Sprintf("ball %p: id %d, check %#x", b, b.id, b.check))
	}
}

//go:noinline
func deep(n int, b *ball, c chan *ball) *ball {
	if n == 0 {
		x := <-c
		b.verify()
		return x
	}
	x := deep(n-1, newBall(b.id+1), c)
	b.verify()
	x.verify()
	return x
}

func main() {
	const n = 2000
	cs := make([]chan *ball, n)
	var all sync.WaitGroup
	stop := make(chan bool)
	for i := range cs {
		cs[i] = make(chan *ball)
		all.Go(func() {
			b := newBall(uint64(i))
			for {
				x := deep(i%40, b, cs[i])
				x.verify()
				b.verify()
				if x.id == 0 {
					return
				}
				b = x
				select {
				case <-stop:
				default:
				}
			}
		})
	}
	go func() {
		for {
			select {
			case <-stop:
				return
			default:
				done := make(chan *ball, 1)
				b := newBall(77)
				go func() { runtime.Gosched(); b.verify(); done <- b }()
				(<-done).verify()
			}
		}
	}()
	r := uint64(1)
	for k := range 6000 {
		r = r*6364136223846793005 + 1442695040888963407
		cs[r>>33%n] <- newBall(r | 1)
		if k%1000 == 0 {
			time.Sleep(time.Millisecond)
		}
	}
	close(stop)
	for _, c := range cs {
		c <- newBall(0)
	}
	all.Wait()
	fmt.Println("all balls are whole")
}
