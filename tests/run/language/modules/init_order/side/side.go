// Package side is imported for its effects.
package side

import "example.org/initorder/trace"

var table = map[string]int{"k": trace.Say("side.table", 5)}

func init() { trace.Say("side init", table["k"]) }
