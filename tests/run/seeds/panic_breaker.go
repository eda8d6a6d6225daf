// Claim: a deferred function that counts panics makes a circuit breaker: after three of
// them in its window the operation is refused, until the window has passed.
package main

import (
	"errors"
	"fmt"
	"runtime"
)

type breaker struct {
	clock  func() int
	window int
	limit  int
	panics []int
	tries  int
}

var errOpen = errors.New("circuit open")

func (b *breaker) tripped() bool {
	now := b.clock()
	for len(b.panics) > 0 && b.panics[0] <= now-b.window {
		b.panics = b.panics[1:]
	}
	return len(b.panics) >= b.limit
}

func (b *breaker) guard(operation func() error) (err error) {
	if b.tripped() {
		return errOpen
	}
	b.tries++
	defer func() {
		switch r := recover().(type) {
		case nil:
		case runtime.Error:
			b.panics = append(b.panics, b.clock())
			err = fmt.Errorf("run-time error: %w", r)
		case error:
			b.panics = append(b.panics, b.clock())
			err = fmt.Errorf("panic with an error: %w", r)
		default:
			b.panics = append(b.panics, b.clock())
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return operation()
}

func main() {
	now := 0
	b := &breaker{clock: func() int { return now }, window: 60, limit: 3}
	var empty []int
	var none map[string]int
	errWrapped := errors.New("wrapped")
	operations := []func() error{
		func() error { return nil },
		func() error { return errors.New("plain failure") },
		func() error { _ = empty[len(operationsRun)]; return nil },
		func() error { none["x"] = 1; return nil },
		func() error { panic(errWrapped) },
		func() error { return nil },
		func() error { panic("text") },
		func() error { return nil },
	}
	for i, op := range operations {
		now += 10
		if i == 6 {
			now += 40
		}
		err := b.guard(op)
		fmt.Println(now, err, errors.Is(err, errOpen), errors.Is(err, errWrapped), len(b.panics))
	}
	fmt.Println("tries:", b.tries)
}

var operationsRun []int
