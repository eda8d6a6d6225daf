// Package b imports a.
package b

import "example.org/importerrors/a"

// G calls a.
func G() { a.F() }
