// Claim: a slice of functions with Push and Execute does what nested defers do, but can
// be run when one wants; one deferred call of it makes it run at the return as well.
package main

import (
	"errors"
	"fmt"
	"strings"
)

type deferStack []func()

func (ds *deferStack) Push(f func()) { *ds = append(*ds, f) }

func (ds deferStack) Execute() {
	for i := len(ds) - 1; i >= 0; i-- {
		ds[i]()
	}
}

type closer struct {
	name string
	err  error
	log  *strings.Builder
}

func (c closer) Close() error {
	fmt.Fprintf(c.log, "close %s;", c.name)
	return c.err
}

func closeAll(closers []closer) (err error) {
	defer func() {
		for _, c := range closers {
			err = errors.Join(err, c.Close())
		}
	}()
	return nil
}

func early() {
	var ds deferStack
	defer ds.Execute() // the receiver is the empty slice of this moment
	ds.Push(func() { fmt.Println("never printed") })
	defer func() { ds.Execute() }()
	ds.Push(func() { fmt.Println("printed first") })
	ds = ds[1:]
}

func main() {
	var ds deferStack
	for i := range 3 {
		ds.Push(func() { fmt.Println("deferred", i) })
	}
	fmt.Println("body")
	ds.Execute()
	early()

	var log strings.Builder
	err := closeAll([]closer{
		{"a", nil, &log},
		{"b", errors.New("b is stuck"), &log},
		{"c", errors.New("c too"), &log},
	})
	fmt.Println(log.String())
	fmt.Printf("%q\n", err.Error())
	fmt.Println(closeAll(nil))
}
