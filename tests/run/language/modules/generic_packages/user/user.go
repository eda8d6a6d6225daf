// Package user uses coll.
package user

import "example.org/generic/coll"

var count = 100

// Item has a key.
type Item struct{ name string }

// Key is its name.
func (i Item) Key() string { return "item " + i.name }

// Items gives some.
func Items() []Item { return []Item{{"a"}, {"b"}} }

// Numbers gives a set.
func Numbers() coll.Set[int] { return coll.NewSet(3, 4) }

// Count is this package's own.
func Count() int { return count }

type local struct{ s string }

// CountLocals counts values of a type that main has too, by name.
func CountLocals() int {
	c := coll.Counter[local]{}
	c.Add(local{"x"})
	return c.Get(local{"x"}) + c.Get(local{})
}

// Local gives one.
func Local() any { return coll.NewSet(local{"y"}) }
