// Package hidden has names that others reach by linkname only.
package hidden

import _ "unsafe"

var state = []string{"initial"}

func secret(n int) (int, string) {
	state = append(state, "secret")
	return n * n, "secret"
}

type counter struct{ n int }

func (c *counter) add(n int) int { c.n += n; return c.n }

// Counter is counter.
type Counter = counter

// New makes one.
func New() *Counter { return new(counter) }

// Value is its number.
func Value(c *Counter) int { return c.n }

// State is what was noted.
func State() []string { return state }

func wanted(s string) string

// UseWanted calls what main provides.
func UseWanted() string { return wanted("w") }
