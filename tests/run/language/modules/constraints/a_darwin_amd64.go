package main

var _ = add("a_darwin_amd64")
