//go:build go1.20

package main

var _ = add("b_version")
