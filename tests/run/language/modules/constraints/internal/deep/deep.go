// Package deep can be imported below the module's root only.
package deep

// Value is a constant.
const Value = "internal"
