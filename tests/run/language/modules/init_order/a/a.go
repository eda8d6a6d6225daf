// Package a is below b.
package a

import "example.org/initorder/trace"

// Value depends on another file.
var Value = trace.Say("a.Value", other)

func init() { trace.Say("a init 1", Value) }
func init() { trace.Say("a init 2", Value) }
