package main

var _ = add("a_amd64")
