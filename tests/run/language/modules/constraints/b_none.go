//go:build ignore

package main

var _ = add("b_none")
