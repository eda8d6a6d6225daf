package main

var _ = add("x_test")
