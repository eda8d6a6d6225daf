package main

var _ = add("a_linux")
