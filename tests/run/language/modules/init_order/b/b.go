// Package b imports a.
package b

import (
	"example.org/initorder/a"
	"example.org/initorder/trace"
)

// Value depends on a.
var Value = trace.Say("b.Value", a.Value)

func init() { trace.Say("b init", Value) }
