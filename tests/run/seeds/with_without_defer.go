// Claim: a function with a defer does the same as one that calls at its end, also when
// called many times, and it also does it when the body panics.
package main

import (
	"errors"
	"fmt"
)

type file struct {
	opened, closed *int
	isOpen         bool
}

var errNotOpen = errors.New("not open")

func (f *file) open() { f.isOpen = true; *f.opened++ }
func (f *file) close() error {
	if !f.isOpen {
		return errNotOpen
	}
	f.isOpen = false
	*f.closed++
	return nil
}

func openAndClose(f *file, fail bool) {
	f.open()
	if fail {
		panic("body failed")
	}
	f.close()
}

func openAndCloseWithDefer(f *file, fail bool) (err error) {
	f.open()
	defer func() { err = f.close() }()
	if fail {
		panic("body failed")
	}
	return nil
}

func attempt(f func()) (r any) {
	defer func() { r = recover() }()
	f()
	return nil
}

func main() {
	var opened, closed int
	f := &file{opened: &opened, closed: &closed}
	for range 100_000 {
		openAndClose(f, false)
	}
	fmt.Println("plain:", opened, closed)
	opened, closed = 0, 0
	for range 100_000 {
		openAndCloseWithDefer(f, false)
	}
	fmt.Println("deferred:", opened, closed)
	opened, closed = 0, 0
	fmt.Println(attempt(func() { openAndClose(f, true) }), opened, closed, f.isOpen)
	f.isOpen = false
	opened, closed = 0, 0
	fmt.Println(attempt(func() { openAndCloseWithDefer(f, true) }), opened, closed, f.isOpen)
	fmt.Println(f.close())
}
