// Package a imports b.
package a

import "example.org/importerrors/b"

// F calls b.
func F() { b.G() }
