package main

import "example.org/initorder/trace"

var inAnother = trace.Say("main.inAnother", first)

func init() { trace.Say("main init in another.go", inAnother) }
