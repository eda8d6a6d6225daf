// Package coll has collections.
package coll

import "sort"

var count int

type keyed interface{ Key() string }

// Set is a set.
type Set[T comparable] struct{ m map[T]struct{} }

// NewSet makes one.
func NewSet[T comparable](ts ...T) Set[T] {
	count++
	s := Set[T]{map[T]struct{}{}}
	for _, t := range ts {
		s.add(t)
	}
	return s
}

func (s Set[T]) add(t T) { s.m[t] = struct{}{} }

// Len is its size.
func (s Set[T]) Len() int { return len(s.m) }

// Union joins two.
func (s Set[T]) Union(o Set[T]) Set[T] {
	r := NewSet[T]()
	for _, m := range []map[T]struct{}{s.m, o.m} {
		for t := range m {
			r.add(t)
		}
	}
	return r
}

// Sorted gives the elements.
func (s Set[T]) Sorted(less func(a, b T) bool) (ts []T) {
	for t := range s.m {
		ts = append(ts, t)
	}
	sort.Slice(ts, func(i, j int) bool { return less(ts[i], ts[j]) })
	return ts
}

// Same tells whether two values have one type.
func Same[T any](a, b any) bool {
	_, x := a.(T)
	_, y := b.(T)
	return x && y
}

// Keys gives the keys.
func Keys[T keyed](ts []T) (ks []string) {
	for _, t := range ts {
		ks = append(ks, t.Key())
	}
	return ks
}

// Count is the number of sets made.
func Count() int { return count }

// Counter counts.
type Counter[T comparable] map[T]int

// Add counts one.
func (c Counter[T]) Add(t T) { c[t]++ }

// Get gives a count.
func (c Counter[T]) Get(t T) int { return c[t] }

// Fold folds.
func Fold[T, A any](ts []T, a A, f func(A, T) A) A {
	for _, t := range ts {
		a = f(a, t)
	}
	return a
}

// Pair is a pair.
type Pair[A, B any] struct {
	First  A
	second B
}
