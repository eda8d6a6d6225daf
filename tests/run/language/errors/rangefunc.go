//test:nobuild

// Ranges over what cannot be ranged over, and too many variables.
package main

func bad(func(int))                   {}
func noBool(func(int))                {}
func three(func(a, b, c int) bool)    {}
func one(func(int) bool)              {}
func zero(func() bool)                {}

type s struct{}

func main() {
	for range bad {
	}
	for range three {
	}
	for i, j := range one {
		_, _ = i, j
	}
	for i := range zero {
		_ = i
	}
	for i, j := range 10 {
		_, _ = i, j
	}
	for range s{} {
	}
	for i := range 1.5 {
		_ = i
	}
	var c chan<- int
	for range c {
	}
	var p *[]int
	for range p {
	}
	for i, x := range make(chan int) {
	}
}
