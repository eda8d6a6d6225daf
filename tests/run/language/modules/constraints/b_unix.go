//go:build unix

package main

var _ = add("b_unix")
