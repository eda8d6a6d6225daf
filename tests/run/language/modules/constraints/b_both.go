//go:build special && extra

package main

var _ = add("b_both")
