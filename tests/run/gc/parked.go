// A goroutine that begins a collection takes the only pointer to an object from the heap to
// its stack and waits: when marking ends it is parked, and its stack has to be looked at
// again although it has not left its thread in between. The same after a system call.
//
//test:env GODEBUG=goxidegctorture=5
package main

import (
	"fmt"
	"sync"
	"syscall"
)

type ball struct {
	check uint64
	id    uint64
	next  *ball
	pad   [5]uint64
}

const magic = 0x9e3779b97f4a7c15

var table [256]*ball

func newBall(id uint64) *ball { return &ball{id: id, check: id * magic, next: &ball{check: ^id}} }

func (b *ball) verify() {
	if b.check != b.id*magic || b.next.check != ^b.id {
		panic(fmt.Sprintf("ball %p: id %d, check %#x", b, b.id, b.check))
	}
}

var sink *[3]uint64

// player takes a ball out of the table after an allocation or a system call and waits for
// its turn with the ball in hand.
func player(me uint64, turns int, turn <-chan int, done chan<- bool) {
	random := me*magic | 1
	for range turns {
		random = random*6364136223846793005 + 1442695040888963407
		i := me*32 + random>>59
		if random>>40&1 == 0 {
			sink = new([3]uint64)
		} else {
			var stat syscall.Stat_t
			syscall.Fstat(2, &stat)
		}
		b := table[i]
		table[i] = nil
		<-turn
		b.verify()
		table[i] = newBall(b.id)
		done <- true
	}
}

func main() {
	const players, turns = 8, 300
	for i := range table {
		table[i] = newBall(uint64(i))
	}
	turn, done := make(chan int), make(chan bool)
	var all sync.WaitGroup
	for i := range players {
		all.Go(func() { player(uint64(i), turns, turn, done) })
	}
	for i := range players * turns {
		for range 5 {
			sink = new([3]uint64)
		}
		turn <- i
		<-done
	}
	all.Wait()
	fmt.Println("all balls are whole")
}
