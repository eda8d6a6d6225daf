//go:build gc

package main

var _ = add("b_gc")
