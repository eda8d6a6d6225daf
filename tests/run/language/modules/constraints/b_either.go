//go:build other || extra

package main

var _ = add("b_either")
