package main

var _ = add("a_arm64")
