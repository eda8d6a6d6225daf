// Deferred functions and results: named ones changed, unnamed ones not, after panics,
// several results, large results, results captured, shadowed in blocks.
package main

import (
	"errors"
	"fmt"
)

func named() (n int)           { defer func() { n *= 2 }(); return 21 }
func unnamed() int             { n := 21; defer func() { n *= 2 }(); return n }
func pointer() (p *int)        { n := 1; p = &n; defer func() { n = 5 }(); return p }
func slice() []int             { s := []int{1}; defer func() { s[0] = 9 }(); return s }
func blank() (_ int, s string) { defer func() { s += "!" }(); return 7, "s" }

type big struct {
	a [20]int
	s string
}

func large() (b big, err error) {
	defer func() { b.a[19]++; b.s += "+" }()
	defer func() { err = errors.Join(err, errors.New("late")) }()
	b.a[19] = 1
	return big{s: "returned", a: [20]int{19: 10}}, errors.New("early")
}

func recovered() (n int, s string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered %v with n=%d s=%s", r, n, s)
		}
	}()
	n, s = 1, "set"
	var m map[string]int
	m[s] = n
	return 2, "unreached", nil
}

func duringReturn() (n int) {
	defer func() { recover(); n += 100 }()
	n = 5
	return func() int { n = 6; panic("in the return's expression") }()
}

func partial() (a, b int) {
	defer func() { recover() }()
	f := func() int { panic("b") }
	a = 1
	return 2, f()
}

func shadowed() (err error) {
	defer func() { fmt.Print("sees ", err, "; ") }()
	if err := errors.New("inner"); err != nil {
		return fmt.Errorf("wrapped %w", err)
	}
	return nil
}

func many() (a, b, c, d, e, f, g, h, i, j int) {
	defer func() { a, j = j, a; e++ }()
	return 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
}

func loop() (s string) {
	for i := range 3 {
		defer func() { s += fmt.Sprint(i) }()
	}
	return "r"
}

func floats() (f float64, c complex64, ok bool) {
	defer func() { f /= 2; c *= 1i; ok = !ok }()
	return 3, 2, false
}

func calls() (f func() int) {
	n := 0
	defer func() { g := f; f = func() int { return g() * 10 } }()
	return func() int { n++; return n }
}

func main() {
	fmt.Println(named(), unnamed(), *pointer(), slice())
	fmt.Println(blank())
	b, err := large()
	fmt.Println(b.a[19], b.s, fmt.Sprintf("%q", err))
	fmt.Println(recovered())
	fmt.Println(duringReturn())
	fmt.Println(partial())
	fmt.Println(shadowed())
	fmt.Println(many())
	fmt.Println(loop())
	fmt.Println(floats())
	f := calls()
	fmt.Println(f(), f())
}
