package main

import (
	"errors"
	"fmt"
	"runtime"
)

type S struct{ a [2000]int; p *int }

func f(s *S) (err error) {
	defer func() {
		r := recover()
		e, ok := r.(runtime.Error)
		fmt.Println(r, ok)
		err = e
	}()
	s.p = nil
	return nil
}

func main() {
	err := f(nil)
	fmt.Println(err, errors.As(err, new(runtime.Error)))
	go func() { runtime.Goexit() }()
	defer func() { fmt.Println("deferred", recover()); panic("again") }()
	panic(fmt.Errorf("first"))
}
