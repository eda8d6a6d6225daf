package a

import "example.org/initorder/trace"

var other = trace.Say("a.other", 10)

func init() { trace.Say("a init in z.go", other) }
