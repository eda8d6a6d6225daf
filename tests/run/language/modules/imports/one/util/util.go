// Package util has a namesake.
package util

import "example.org/imports/base"

// T has a namesake.
type T struct{ N int }

// Shared is the same in both.
var Shared = base.Cell()

// Who tells which this is.
func Who() string { return "one" }
