//go:build !special

package main

var _ = add("b_nospecial")
