// Package base is imported twice and initialised once.
package base

var cell = new(int)

// Cell gives the one cell.
func Cell() *int { return cell }
