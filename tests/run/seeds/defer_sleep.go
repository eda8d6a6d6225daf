// Claim: a deferred time.Sleep is not dropped by an optimiser and does not run where it
// stands; it runs when the function returns, with the argument it was given there.
package main

import (
	"fmt"
	"time"
)

const pause = 30 * time.Millisecond

// direct defers the call itself.
func direct() (before time.Duration) {
	start := time.Now()
	defer time.Sleep(pause)
	before = time.Since(start)
	return
}

// wrapped defers a closure that calls it.
func wrapped() (before time.Duration) {
	start := time.Now()
	defer func() { time.Sleep(pause) }()
	before = time.Since(start)
	return
}

// unreached never executes its defer statement.
func unreached() (before time.Duration) {
	start := time.Now()
	if before > 0 {
		defer time.Sleep(time.Hour)
	}
	return time.Since(start)
}

// changed shows that the argument was fixed at the statement.
func changed() {
	d := pause
	defer time.Sleep(d)
	d = time.Hour
	_ = d
}

func took(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

func main() {
	for _, c := range []struct {
		name string
		f    func() time.Duration
	}{{"direct", direct}, {"wrapped", wrapped}} {
		var before time.Duration
		total := took(func() { before = c.f() })
		fmt.Println(c.name, "slept:", total >= pause, "after the body:", before < total)
	}
	fmt.Println("unreached returns:", took(func() { unreached() }) < time.Hour)
	fmt.Println("changed slept the old time:", took(changed) >= pause, took(changed) < time.Hour)
	defer time.Sleep(100)
	fmt.Println("done")
}
